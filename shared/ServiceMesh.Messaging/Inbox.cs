using ServiceMesh.Contracts;
using ServiceMesh.Data;

namespace ServiceMesh.Messaging;

/// <summary>Remembers, in the transaction of the effect, what a consumer has applied.</summary>
public static class Inbox
{
    /// <summary>Runs the effect of a change unless it has been applied before.</summary>
    /// <returns>Whether it ran.</returns>
    public static async Task<bool> Apply(Transaction transaction, string consumer, Event change, Func<Task> effect)
    {
        var isNew = await transaction.Execute(
            InsertChange, new { consumer, id = change.EventId, now = transaction.Now }) == 1;
        if (isNew) await effect();
        return isNew;
    }

    private const string InsertChange = """
        insert into messaging.inbox (consumer, event_id, applied_at)
        values (@consumer, @id, @now)
        on conflict do nothing
        """;

    /// <summary>Runs the effect of a whole state unless an equal or newer one of its aggregate has been applied.</summary>
    /// <returns>Whether it ran.</returns>
    public static async Task<bool> ApplyState(Transaction transaction, string consumer, Event state, Func<Task> effect)
    {
        var isNewer = await transaction.Execute(
            UpsertState, new { consumer, aggregate = state.AggregateId, version = state.AggregateVersion }) == 1;
        if (isNewer) await effect();
        return isNewer;
    }

    private const string UpsertState = """
        insert into messaging.inbox_states as applied (consumer, aggregate_id, version)
        values (@consumer, @aggregate, @version)
        on conflict (consumer, aggregate_id) do update
        set version = excluded.version
        where applied.version < excluded.version
        """;
}
