using InternalServices.Domain.Chargeback.Runs;
using InternalServices.Domain.Chargeback.Statements;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Statements;

/// <summary>What a department bears of a month.</summary>
public sealed record Statement
{
    public required Guid Id { get; init; }

    public required Period Month { get; init; }

    public required string Department { get; init; }

    /// <summary>The run that it was issued from.</summary>
    public required Guid RunId { get; init; }

    public required StatementState State { get; init; }

    public required Money Total { get; init; }

    /// <summary>Grows with each change of state; the ETag.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>When it counts as acknowledged by itself; none where no department is there to do it.</summary>
    public required DateTimeOffset? AcknowledgeBy { get; init; }

    public required Acknowledgement? Acknowledged { get; init; }

    /// <summary>When its last dispute was decided or withdrawn.</summary>
    public required DateTimeOffset? SettledAt { get; init; }
}

/// <summary>That a department agrees with its statement.</summary>
public sealed record Acknowledgement
{
    public required DateTimeOffset At { get; init; }

    /// <summary>None when nobody had objected in time.</summary>
    public required string? By { get; init; }
}

/// <summary>
/// A part of a statement: one pool's cost that the department bears, and why; or what a dispute moved.
/// </summary>
public sealed record StatementLine
{
    public required Guid Id { get; init; }

    public required LineKind Kind { get; init; }

    public required string Pool { get; init; }

    public required string PoolName { get; init; }

    /// <summary>Code of the service whose cost the pool is.</summary>
    public required string? Service { get; init; }

    /// <summary>The external customer of a direct cost.</summary>
    public required string? Customer { get; init; }

    public required Money Amount { get; init; }

    /// <summary>Before rounding, at fifteen decimals.</summary>
    public required decimal Exact { get; init; }

    /// <summary>Minor units that rounding added to the exact amount cut off.</summary>
    public required int RoundingUnits { get; init; }

    /// <summary>The department's own driver quantity; 0 for a direct cost.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>The driver quantities of all consumers; 0 for a direct cost.</summary>
    public required decimal TotalQuantity { get; init; }

    /// <summary>Part of the pool's shared cost, 0 to 1; 1 for a direct cost.</summary>
    public required decimal Share { get; init; }

    /// <summary>
    /// Where the cost arose: earlier than the statement's month for what came after that month's close, and for a
    /// dispute the disputed month.
    /// </summary>
    public required IReadOnlyList<Period> OriginMonths { get; init; }

    /// <summary>The dispute that moved it here or away.</summary>
    public required Guid? Dispute { get; init; }
}
