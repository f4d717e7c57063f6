using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using ServiceMesh.Contracts;
using ServiceMesh.Data;

namespace ServiceMesh.Messaging.Consuming;

/// <summary>
/// Applies the deliveries of one consumer. What arrives while a transaction is under way shares the next one, so that a
/// burst costs few commits and a single event waits for none. When a shared one fails, each of its deliveries gets its
/// own, and only those that fail there are told so.
/// </summary>
internal sealed class Batcher<TConsumer, TEvent>(
    Database database, IServiceScopeFactory scopes, ConsumerType<TConsumer> type)
    where TConsumer : class
    where TEvent : Event
{
    private const int DeliveriesAtMost = 100;

    private readonly string _queue = type.Value.Queue;
    private readonly Lock _gate = new();
    private readonly Queue<Delivery> _waiting = new();
    private bool _working;

    /// <summary>Ends when the event's effect is committed, or was before.</summary>
    public Task Apply(TEvent message, string? traceParent)
    {
        var delivery = new Delivery(message, traceParent);
        lock (_gate)
        {
            _waiting.Enqueue(delivery);
            if (_working) return delivery.Answer.Task;
            _working = true;
        }

        // The work is everybody's and must not run in the context of whoever came first.
        using (ExecutionContext.SuppressFlow()) _ = Task.Run(Work);
        return delivery.Answer.Task;
    }

    private async Task Work()
    {
        while (Next() is { Count: > 0 } deliveries)
        {
            if (await Attempt(deliveries) is not { } fault) continue;
            if (deliveries.Count == 1 || Faults.IsTransient(fault))
            {
                foreach (var delivery in deliveries) delivery.Answer.SetException(fault);
                continue;
            }

            foreach (var delivery in deliveries)
            {
                if (await Attempt([delivery]) is { } own) delivery.Answer.SetException(own);
            }
        }
    }

    /// <summary>Those of one aggregate in the order of their arrival, and aggregates in one order for all replicas.</summary>
    private List<Delivery> Next()
    {
        lock (_gate)
        {
            var deliveries = new List<Delivery>(Math.Min(_waiting.Count, DeliveriesAtMost));
            while (deliveries.Count < DeliveriesAtMost && _waiting.TryDequeue(out var delivery)) deliveries.Add(delivery);
            _working = deliveries.Count > 0;
            return [.. deliveries.OrderBy(delivery => delivery.Message.AggregateId, StringComparer.Ordinal)];
        }
    }

    /// <summary>Answers all of them when their transaction commits; otherwise tells why it did not.</summary>
    private async Task<Exception?> Attempt(List<Delivery> deliveries)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var consumer = scope.ServiceProvider.GetRequiredService<TConsumer>();
            var applied = await database.InTransaction(
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

    private async Task<int> Apply(Transaction transaction, TConsumer consumer, List<Delivery> deliveries)
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

    private sealed record Delivery(TEvent Message, string? TraceParent)
    {
        public TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
