using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Costs;

/// <summary>
/// Cost in a pool, as it was recorded or as the sum of the rows of an import with the same destination.
/// </summary>
public sealed record CostEntry
{
    public required Guid Id { get; init; }

    /// <summary>The source's own key; unique for ever.</summary>
    public required string Reference { get; init; }

    /// <summary>The month whose books it is in.</summary>
    public required Period Month { get; init; }

    /// <summary>The month it arose in; earlier than <c>month</c> for what came after the close.</summary>
    public required Period OriginMonth { get; init; }

    public required EntryKind Kind { get; init; }

    /// <summary>
    /// The department that bears it directly; without one and without a customer the pool's driver shares it.
    /// </summary>
    public required string? Department { get; init; }

    /// <summary>The external customer that it is for directly.</summary>
    public required string? Customer { get; init; }

    /// <summary>Exact; rounded only when a run is posted.</summary>
    public required ExactMoney Amount { get; init; }

    /// <summary>How many records of the source it is the sum of; negative when it takes them back.</summary>
    public required long Rows { get; init; }

    /// <summary>The import that it came with.</summary>
    public required Guid? ImportId { get; init; }

    /// <summary>The entry that it cancels.</summary>
    public required Guid? Reverses { get; init; }

    /// <summary>What it was before it was converted; none for a cost in the currency of the books.</summary>
    public required Origin? Original { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>A cost in another currency, and the rate by which it was converted.</summary>
    public sealed record Origin
    {
        public required ExactMoney Amount { get; init; }

        /// <summary>The day from which the rate holds.</summary>
        public required DateOnly RateDay { get; init; }

        /// <summary>Units of the books' currency for one unit.</summary>
        public required decimal Rate { get; init; }
    }
}

public enum EntryKind
{
    /// <summary>What was spent.</summary>
    Actual,

    /// <summary>What a supplier gave back; negative.</summary>
    Credit,

    /// <summary>The difference between what was charged and what it cost.</summary>
    TrueUp,
}
