namespace ServiceMesh.Messaging.Consuming;

/// <summary>A message on its way to its effect.</summary>
internal sealed record Delivery<TEvent>(TEvent Message, string? TraceParent)
{
    public TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>
/// Works on one batch at a time: what arrives meanwhile waits for the next one. So a burst costs few transactions, and
/// a single delivery waits for none.
/// </summary>
internal sealed class Lane<TEvent>(Func<List<Delivery<TEvent>>, Task> work)
{
    private const int DeliveriesAtMost = 100;

    private readonly Lock _gate = new();
    private readonly Queue<Delivery<TEvent>> _waiting = new();
    private bool _working;

    public void Enqueue(Delivery<TEvent> delivery)
    {
        lock (_gate)
        {
            _waiting.Enqueue(delivery);
            if (_working) return;
            _working = true;
        }

        // The work is everybody's and must not run in the context of whoever came first.
        using (ExecutionContext.SuppressFlow()) _ = Task.Run(Work);
    }

    private async Task Work()
    {
        while (Next() is { Count: > 0 } deliveries) await work(deliveries);
    }

    private List<Delivery<TEvent>> Next()
    {
        lock (_gate)
        {
            var deliveries = new List<Delivery<TEvent>>(Math.Min(_waiting.Count, DeliveriesAtMost));
            while (deliveries.Count < DeliveriesAtMost && _waiting.TryDequeue(out var delivery))
                deliveries.Add(delivery);
            _working = deliveries.Count > 0;
            return deliveries;
        }
    }
}
