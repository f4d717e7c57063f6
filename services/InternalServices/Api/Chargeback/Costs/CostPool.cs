namespace InternalServices.Api.Chargeback.Costs;

/// <summary>Where cost is collected before it is allocated.</summary>
public sealed record CostPool
{
    public required string Code { get; init; }

    public required string Name { get; init; }

    public required PoolKind Kind { get; init; }

    /// <summary>Code of the service whose cost this is.</summary>
    public required string? Service { get; init; }

    /// <summary>Grows with each edit; the ETag.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }
}

public enum PoolKind
{
    /// <summary>The cost of one service.</summary>
    Service,

    /// <summary>The cost of something that supports several services or the whole organisation.</summary>
    Support,
}
