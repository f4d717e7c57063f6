using System.Diagnostics;
using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Messaging.Relaying;

namespace ServiceMesh.Messaging;

/// <summary>The only way to publish: events leave with the transaction that caused them, or not at all.</summary>
public sealed class Outbox
{
    private readonly RelaySignal _signal;

    internal Outbox(RelaySignal signal) => _signal = signal;

    /// <summary>Facts, not documents; well below the broker's limit.</summary>
    public const int MaxBodyBytes = 8 * 1024 * 1024;

    /// <summary>Published after the commit, in the order of the transaction's events.</summary>
    public Task Add(Transaction transaction, Event @event) => Add(transaction, [@event]);

    /// <inheritdoc cref="Add(Transaction, Event)"/>
    public async Task Add(Transaction transaction, IReadOnlyList<Event> events)
    {
        if (events.Count == 0) return;

        using var activity = Telemetry.Source.StartActivity("outbox add", ActivityKind.Producer);
        await transaction.Execute(Insert, new
        {
            ids = events.Select(@event => @event.EventId).ToArray(),
            names = events.Select(@event => EventType.Of(@event.GetType()).Name).ToArray(),
            aggregates = events.Select(@event => @event.AggregateId).ToArray(),
            occurred = events.Select(@event => @event.OccurredAt).ToArray(),
            bodies = events.Select(Body).ToArray(),
            trace = Telemetry.Current,
        });
        transaction.AfterCommit(_signal.Committed);
    }

    private const string Insert = """
        insert into messaging.outbox (event_id, name, aggregate_id, occurred_at, body, trace_parent)
        select event_id, name, aggregate_id, occurred_at, body, @trace
        from unnest(@ids, @names, @aggregates, @occurred, @bodies)
          with ordinality as added (event_id, name, aggregate_id, occurred_at, body, number)
        order by number
        """;

    private static byte[] Body(Event @event)
    {
        var body = EventJson.Serialize(@event);
        return body.Length <= MaxBodyBytes
            ? body
            : throw new ArgumentException(
                $"{@event.GetType().Name} has {body.Length} bytes, more than {MaxBodyBytes}.");
    }
}
