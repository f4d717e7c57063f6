namespace ServiceMesh.Messaging;

/// <summary>What an operator can see and do.</summary>
public sealed class MessagingOperations
{
    internal MessagingOperations(ParkedEvents parked, SetAsideQueues queues)
    {
        Parked = parked;
        Queues = queues;
    }

    /// <summary>Events that could not be published.</summary>
    public ParkedEvents Parked { get; }

    /// <summary>Messages that could not be consumed.</summary>
    public SetAsideQueues Queues { get; }

    public async Task<MessagingStatus> Status(CancellationToken cancellation)
    {
        var (depth, oldest, parked) = await Parked.Count(cancellation);
        return new MessagingStatus(depth, oldest, parked, await Queues.Count(cancellation));
    }
}
