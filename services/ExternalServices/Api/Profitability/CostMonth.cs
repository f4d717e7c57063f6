using ServiceMesh.Primitives;

namespace ExternalServices.Api.Profitability;

/// <summary>How far the close of a cost month is on this side.</summary>
public sealed record CostMonth
{
    public required Period Month { get; init; }

    public required CostMonthState State { get; init; }

    /// <summary>When its usage became final; later usage of the month counts in a later one.</summary>
    public required DateTimeOffset? FrozenAt { get; init; }

    /// <summary>Usage events that count in it; null until they are final.</summary>
    public required long? UsageEvents { get; init; }

    /// <summary>The allocation run that its profitability was reckoned from.</summary>
    public required Guid? Run { get; init; }

    public required DateTimeOffset? CalculatedAt { get; init; }

    public required DateTimeOffset? ClosedAt { get; init; }

    /// <summary>When the internal side opened the closed month again, the last time.</summary>
    public required DateTimeOffset? ReopenedAt { get; init; }

    /// <summary>Why it did.</summary>
    public required string? ReopeningReason { get; init; }

    /// <summary>
    /// Why it cannot be reckoned, for example <c>exchange-rate-missing</c>; null when nothing is in the way.
    /// </summary>
    public required string? BlockedBy { get; init; }

    /// <summary>The same for people.</summary>
    public required string? BlockedDetail { get; init; }
}

public enum CostMonthState
{
    /// <summary>Takes usage.</summary>
    Open,

    /// <summary>Its usage is final.</summary>
    Frozen,

    /// <summary>Revenue, cost and margin of every customer are reckoned.</summary>
    Calculated,

    /// <summary>Both sides agree.</summary>
    Closed,

    /// <summary>
    /// Was closed, and takes costs on the internal side again; what was reckoned stands until another run is told.
    /// </summary>
    Reopened,
}
