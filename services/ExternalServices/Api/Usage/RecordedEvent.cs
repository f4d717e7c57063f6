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
}

/// <summary>What became of a usage event; derived from the invoices, never written.</summary>
public enum Fate
{
    /// <summary>Not on an invoice yet.</summary>
    Open,

    /// <summary>On a draft.</summary>
    Drafted,

    Billed,

    /// <summary>It arrived when its period had been invoiced.</summary>
    Late,
}

/// <summary>Where to find it.</summary>
public sealed record FateInvoice
{
    public required Guid Id { get; init; }

    /// <summary>Null on a draft.</summary>
    public required string? Number { get; init; }

    public required int Line { get; init; }
}
