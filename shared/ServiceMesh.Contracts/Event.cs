namespace ServiceMesh.Contracts;

/// <summary>A fact that one service tells the others, in the past tense. Its JSON is the wire format.</summary>
public abstract record Event
{
    /// <summary>Unique for ever; a message delivered twice carries it twice.</summary>
    public required Guid EventId { get; init; }

    /// <summary>When it happened, in UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>What it happened to; order is kept per aggregate.</summary>
    public required string AggregateId { get; init; }

    /// <summary>Grows with each event of the aggregate, so that an older state never replaces a newer one.</summary>
    public required long AggregateVersion { get; init; }

    /// <summary>The cost month it belongs to, as <c>2026-11</c>, where it belongs to one.</summary>
    public string? Period { get; init; }

    /// <summary>The version of the event's shape; members are only ever added within one.</summary>
    public int SchemaVersion { get; init; } = 1;
}

/// <summary>The fixed name of an event on the wire: its exchange, its CloudEvents type.</summary>
/// <param name="name">The owner's side and the fact, for example <c>external.invoice-issued</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EventAttribute(string name) : Attribute
{
    public string Name { get; } = name;

    /// <summary>No service of the mesh consumes it; it is kept in a length-limited queue for integrators.</summary>
    public bool Unconsumed { get; init; }
}
