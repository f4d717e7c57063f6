using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using ServiceMesh.Contracts;
using ServiceMesh.Data;

namespace ServiceMesh.Messaging.Consuming;

/// <summary>
/// Applies the deliveries of one consumer, those that wait together in one transaction. When it fails, each of them
/// gets its own, and only those that fail there are told so. Aggregates are spread over lanes: their transactions
/// overlap, and the events of one aggregate stay in the order of their arrival.
/// </summary>
internal sealed class Batcher<TConsumer, TEvent>
    where TConsumer : class
    where TEvent : Event
{
    /// <summary>Connections to the database that one consumer of a replica may take in a burst.</summary>
    private const int LaneCount = 8;

    private readonly Database _database;
    private readonly IServiceScopeFactory _scopes;
    private readonly string _queue;
    private readonly string _event;
    private readonly Lane<TEvent>[] _lanes;

    public Batcher(Database database, IServiceScopeFactory scopes, ConsumerType<TConsumer> type)
    {
        _database = database;
        _scopes = scopes;
        _queue = type.Value.Queue;
        _event = type.Value.Event.Name;
        _lanes = [.. Enumerable.Range(0, LaneCount).Select(_ => new Lane<TEvent>(Work))];
    }

    /// <summary>Ends when the event's effect is committed, or was before.</summary>
    public Task Apply(TEvent message, string? traceParent)
    {
        var delivery = new Delivery<TEvent>(message, traceParent);
        var hash = message.AggregateId.GetHashCode(StringComparison.Ordinal) & int.MaxValue;
        _lanes[hash % LaneCount].Enqueue(delivery);
        return delivery.Answer.Task;
    }

    private async Task Work(List<Delivery<TEvent>> deliveries)
    {
        // One order for all replicas, so that they wait for each other instead of locking each other out.
        deliveries = [.. deliveries.OrderBy(delivery => delivery.Message.AggregateId, StringComparer.Ordinal)];
        if (await Attempt(deliveries) is not { } fault) return;
        if (deliveries.Count == 1 || Faults.IsTransient(fault))
        {
            foreach (var delivery in deliveries) delivery.Answer.SetException(fault);
            return;
        }

        foreach (var delivery in deliveries)
        {
            if (await Attempt([delivery]) is { } own) delivery.Answer.SetException(own);
        }
    }

    /// <summary>Answers all of them when their transaction commits; otherwise tells why it did not.</summary>
    private async Task<Exception?> Attempt(List<Delivery<TEvent>> deliveries)
    {
        try
        {
            Actor.Act(new Actor { Name = _queue, Operation = _event });
            await using var scope = _scopes.CreateAsyncScope();
            var consumer = scope.ServiceProvider.GetRequiredService<TConsumer>();
            var applied = await _database.InTransaction(
                Tenant.Provider, transaction => Apply(transaction, consumer, deliveries), CancellationToken.None);
            Telemetry.Applied.Add(applied);
            Telemetry.Ignored.Add(deliveries.Count - applied);
        }
        catch (Exception fault)
        {
            return fault;
        }

        foreach (var delivery in deliveries) delivery.Answer.SetResult();
        return null;
    }

    private async Task<int> Apply(Transaction transaction, TConsumer consumer, List<Delivery<TEvent>> deliveries)
    {
        TEvent[] messages = [.. deliveries.Select(delivery => delivery.Message)];
        var news = consumer is IStateConsumer<TEvent>
            ? await Inbox.TakeStates(transaction, _queue, messages)
            : await Inbox.TakeChanges(transaction, _queue, messages);
        foreach (var message in news)
        {
            var trace = deliveries.Find(delivery => ReferenceEquals(delivery.Message, message))!.TraceParent;
            using var activity = Telemetry.Source.StartActivity($"{_queue} apply", ActivityKind.Consumer, trace);
            await (consumer switch
            {
                IChangeConsumer<TEvent> changes => changes.Apply(transaction, message),
                IStateConsumer<TEvent> states => states.Apply(transaction, message),
                _ => throw new UnreachableException(),
            });
        }

        return news.Count;
    }
}
