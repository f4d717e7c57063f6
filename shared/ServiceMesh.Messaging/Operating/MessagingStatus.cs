namespace ServiceMesh.Messaging;

/// <summary>What waits where.</summary>
/// <param name="OutboxDepth">Committed events that the broker has not confirmed.</param>
/// <param name="OldestOccurredAt">When the oldest of them happened.</param>
/// <param name="ParkedEvents">Those among them that wait for an operator.</param>
/// <param name="Queues">The service's queues; nothing when the broker is out of reach.</param>
public sealed record MessagingStatus(
    long OutboxDepth, DateTimeOffset? OldestOccurredAt, long ParkedEvents, IReadOnlyList<QueueStatus>? Queues);

/// <summary>Messages in a queue that nobody works on at the moment.</summary>
public sealed record QueueStatus(string Queue, QueueKind Kind, long Messages);

public enum QueueKind
{
    /// <summary>Events for a consumer.</summary>
    Consumer,

    /// <summary>Its consumer could not apply it.</summary>
    Error,

    /// <summary>Not a message for its consumer.</summary>
    Skipped,

    /// <summary>Delivered too often without an answer.</summary>
    DeadLetter,
}

/// <summary>
/// An event that the broker did not take over, with the later ones of its aggregate waiting behind it.
/// </summary>
public sealed record ParkedEvent(
    Guid EventId,
    string Name,
    string AggregateId,
    DateTimeOffset OccurredAt,
    DateTimeOffset ParkedAt,
    int Attempts,
    string Failure,
    long HeldBack,
    string Body);

/// <summary>A message that waits for an operator in the broker.</summary>
/// <param name="MessageId">The event's id, where the message says one.</param>
/// <param name="Name">The event's name on the wire, where the message says one.</param>
/// <param name="Reason">Why it is here.</param>
/// <param name="Body">Its text, cut off where it is long.</param>
public sealed record SetAsideMessage(
    string? MessageId, string? Name, string? Reason, DateTimeOffset? Since, string Body);
