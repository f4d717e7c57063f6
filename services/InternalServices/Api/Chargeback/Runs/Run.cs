using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Runs;

/// <summary>What one calculation made of a month.</summary>
public sealed record Run
{
    public required Guid Id { get; init; }

    public required Period Month { get; init; }

    public required RunState State { get; init; }

    /// <summary>Version of the rule set.</summary>
    public required long RuleSet { get; init; }

    public required AllocationMethod Method { get; init; }

    /// <summary>SHA-256 over everything that it was calculated from.</summary>
    public required string InputHash { get; init; }

    /// <summary>
    /// Whether the external side had finalized the month's usage; until then external customers bear nothing.
    /// </summary>
    public required bool ExternalUsageFinal { get; init; }

    public required Money PoolTotal { get; init; }

    /// <summary>What the departments of the organisation bear.</summary>
    public required Money DepartmentTotal { get; init; }

    /// <summary>What <c>EXTERNAL-BUSINESS</c> bears.</summary>
    public required Money ExternalShare { get; init; }

    /// <summary>What stands at <c>UNALLOCATED</c>.</summary>
    public required Money Unallocated { get; init; }

    /// <summary>Part of the external share that no usage can carry to a customer.</summary>
    public required Money OverheadResidual { get; init; }

    /// <summary>What somebody should look at, though the run stands.</summary>
    public required IReadOnlyList<AllocationWarning> Warnings { get; init; }

    /// <summary>Grows with each change of state; the ETag.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset CalculatedAt { get; init; }

    public required string CalculatedBy { get; init; }

    public required DateTimeOffset? PostedAt { get; init; }

    public required string? PostedBy { get; init; }

    public required DateTimeOffset? ReversedAt { get; init; }

    public required string? ReversedBy { get; init; }

    public required string? ReversalReason { get; init; }
}

public enum RunState
{
    /// <summary>Can be posted or discarded.</summary>
    Calculated,

    /// <summary>Stands in statements and journal; one a month.</summary>
    Posted,

    /// <summary>Was posted, and undone by mirror entries.</summary>
    Reversed,

    /// <summary>Kept, and of no consequence.</summary>
    Discarded,
}
