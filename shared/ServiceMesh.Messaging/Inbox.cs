using ServiceMesh.Contracts;
using ServiceMesh.Data;

namespace ServiceMesh.Messaging;

/// <summary>Remembers, in the transaction of the effect, what a consumer has applied.</summary>
internal static class Inbox
{
    /// <summary>Marks changes as applied, and returns those that had not been.</summary>
    public static async Task<List<TEvent>> TakeChanges<TEvent>(
        Transaction transaction, string consumer, IReadOnlyList<TEvent> changes)
        where TEvent : Event
    {
        var taken = await transaction.Query<Guid>(
            InsertChanges,
            new { consumer, ids = changes.Select(change => change.EventId).ToArray(), now = transaction.Now });
        var news = taken.ToHashSet();
        return [.. changes.Where(change => news.Remove(change.EventId))];
    }

    // In order, so that two replicas with the same deliveries wait for each other instead of locking each other out.
    private const string InsertChanges = """
        insert into messaging.inbox (consumer, event_id, applied_at)
        select @consumer, event_id, @now
        from unnest(@ids) as delivered (event_id)
        order by event_id
        on conflict do nothing
        returning event_id
        """;

    /// <summary>
    /// Marks states as applied, and returns the newest of each aggregate that is newer than what was applied.
    /// </summary>
    public static async Task<List<TEvent>> TakeStates<TEvent>(
        Transaction transaction, string consumer, IReadOnlyList<TEvent> states)
        where TEvent : Event
    {
        var taken = await transaction.Query<(string, long)>(UpsertStates, new
        {
            consumer,
            aggregates = states.Select(state => state.AggregateId).ToArray(),
            versions = states.Select(state => state.AggregateVersion).ToArray(),
        });
        var news = taken.ToHashSet();
        return [.. states.Where(state => news.Remove((state.AggregateId, state.AggregateVersion)))];
    }

    private const string UpsertStates = """
        insert into messaging.inbox_states as applied (consumer, aggregate_id, version)
        select @consumer, aggregate_id, max(version)
        from unnest(@aggregates, @versions) as delivered (aggregate_id, version)
        group by aggregate_id
        order by aggregate_id
        on conflict (consumer, aggregate_id) do update
        set version = excluded.version
        where applied.version < excluded.version
        returning aggregate_id, version
        """;
}
