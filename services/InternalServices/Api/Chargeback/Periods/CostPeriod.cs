using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Periods;

/// <summary>A cost month and how far its close is.</summary>
public sealed record CostPeriod
{
    public required Period Month { get; init; }

    public required PeriodState State { get; init; }

    /// <summary>The posted run.</summary>
    public required Guid? RunId { get; init; }

    public required DateTimeOffset? ClosingSince { get; init; }

    public required DateTimeOffset? ClosedAt { get; init; }

    /// <summary>When it was last opened again.</summary>
    public required DateTimeOffset? ReopenedAt { get; init; }

    public required string? ReopenedBy { get; init; }

    public required string? ReopeningReason { get; init; }

    /// <summary>Whom the close waits for; it goes on by itself.</summary>
    public required Waiting? WaitingFor { get; init; }

    /// <summary>Why the close cannot go on until somebody has changed something; closing again tries again.</summary>
    public required Blocked? BlockedBy { get; init; }

    /// <summary>Grows with each change and each event of the month; the ETag.</summary>
    public required long Version { get; init; }

    public sealed record Waiting
    {
        /// <summary>The service that has to answer.</summary>
        public required string Party { get; init; }

        /// <summary>The event that it has to send.</summary>
        public required string What { get; init; }

        public required DateTimeOffset Since { get; init; }
    }

    public sealed record Blocked
    {
        /// <summary>Stable; for programs.</summary>
        public required string Code { get; init; }

        public required string Detail { get; init; }

        /// <summary>What is concerned, for example <c>/pools/STORAGE</c>.</summary>
        public required IReadOnlyList<string> Pointers { get; init; }

        public required DateTimeOffset Since { get; init; }
    }
}
