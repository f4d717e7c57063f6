using ServiceMesh.Primitives;

namespace ExternalServices.Api.Usage;

/// <summary>A recorded usage event and what became of it.</summary>
public sealed record RecordedEvent
{
    public required string Customer { get; init; }

    public required string Source { get; init; }

    public required string Id { get; init; }

    public required string Service { get; init; }

    public required DateTimeOffset At { get; init; }

    public required decimal Quantity { get; init; }

    public required IReadOnlyDictionary<string, string>? Dimensions { get; init; }

    /// <summary>
    /// The month in whose cost it counts: that of <c>at</c>, or a later one when that was closed already.
    /// </summary>
    public required Period CostMonth { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    public required Fate Fate { get; init; }

    /// <summary>The invoice that bills it, or that was made without it; null while there is none.</summary>
    public required FateInvoice? Invoice { get; init; }

    /// <summary>The line of a later invoice that adds it, or takes it back; null while there is none.</summary>
    public required FateInvoice? Adjustment { get; init; }

    /// <summary>Why it does not count; null when it does.</summary>
    public required UsageVoid? Void { get; init; }

    /// <summary>The event in whose place it stands.</summary>
    public required UsageReference? Replaces { get; init; }
}

/// <summary>Why an event does not count.</summary>
public sealed record UsageVoid
{
    public required string Reason { get; init; }

    public required DateTimeOffset VoidedAt { get; init; }

    /// <summary>The event that stands in its place; null where none does.</summary>
    public required UsageReference? Replacement { get; init; }
}

/// <summary>Another event of the same customer.</summary>
public sealed record UsageReference
{
    public required string Source { get; init; }

    public required string Id { get; init; }
}

/// <summary>What became of a usage event; derived from the invoices, never written.</summary>
public enum Fate
{
    /// <summary>Not on an invoice yet.</summary>
    Open,

    /// <summary>On a draft.</summary>
    Drafted,

    Billed,

    /// <summary>It arrived when its period had been invoiced; a later invoice will have it.</summary>
    Late,

    /// <summary>It arrived when its period had been invoiced, and a line of a later invoice has it.</summary>
    Adjusted,

    /// <summary>It arrived when its period had been invoiced, and its contract does not bill such usage.</summary>
    RecordedOnly,

    /// <summary>It was taken out; where it had been billed, an adjustment takes it back.</summary>
    Void,
}

/// <summary>Where to find it.</summary>
public sealed record FateInvoice
{
    public required Guid Id { get; init; }

    /// <summary>Null on a draft.</summary>
    public required string? Number { get; init; }

    public required int Line { get; init; }
}
