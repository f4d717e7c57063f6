namespace ServiceMesh.Messaging.Relaying;

/// <summary>An event that waits in the outbox.</summary>
internal sealed record WaitingEvent(
    long Position,
    Guid EventId,
    string Name,
    string AggregateId,
    DateTimeOffset OccurredAt,
    string? TraceParent,
    int Attempts,
    byte[] Body)
{
    /// <summary>The event's id as the message carries it.</summary>
    public string MessageId { get; } = EventId.ToString();
}
