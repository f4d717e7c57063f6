using InternalServices.Domain.Chargeback.Disputes;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Disputes;

/// <summary>That a department does not agree with a line of its statement, and what came of it.</summary>
public sealed record Dispute
{
    public required Guid Id { get; init; }

    public required Guid StatementId { get; init; }

    /// <summary>The line of the statement.</summary>
    public required Guid LineId { get; init; }

    public required string Department { get; init; }

    /// <summary>The statement's.</summary>
    public required Period Month { get; init; }

    public required DisputeState State { get; init; }

    /// <summary>What the department says that it should not bear.</summary>
    public required Money Claimed { get; init; }

    public required string Reason { get; init; }

    public required IReadOnlyList<EvidenceItem> Evidence { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public required string OpenedBy { get; init; }

    public required DateTimeOffset? ReviewedAt { get; init; }

    public required string? ReviewedBy { get; init; }

    public required DateTimeOffset? DecidedAt { get; init; }

    public required string? DecidedBy { get; init; }

    /// <summary>Why it was decided so.</summary>
    public required string? Explanation { get; init; }

    /// <summary>What another department bears instead; none unless it was accepted.</summary>
    public required Money? Granted { get; init; }

    /// <summary>The department that bears it.</summary>
    public required string? Counterparty { get; init; }

    /// <summary>The month whose books and statements show it: the earliest that was open.</summary>
    public required Period? BookedMonth { get; init; }

    /// <summary>Grows with each change of state; the ETag.</summary>
    public required long Version { get; init; }

    /// <summary>Something that supports the claim.</summary>
    public sealed record EvidenceItem
    {
        public required string Title { get; init; }

        /// <summary>Where it is, for example a ticket's number or an address.</summary>
        public required string Reference { get; init; }
    }
}
