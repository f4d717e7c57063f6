using ServiceMesh.Contracts;

namespace InternalServices.Api.Organisation;

/// <summary>A service of the one catalogue that both sides use.</summary>
public sealed record Service
{
    public required string Code { get; init; }

    public required string Name { get; init; }

    /// <summary>What one unit of use is, for example <c>GB-month</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>Code of the department that provides it.</summary>
    public required string OwnerDepartment { get; init; }

    public required Audience Audience { get; init; }

    public required Charging Charging { get; init; }

    public required Pricing Pricing { get; init; }

    /// <summary>Whether new usage may name it.</summary>
    public required bool Active { get; init; }

    /// <summary>Grows with each edit; the ETag.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>The whole state, as the external side copies it.</summary>
    internal ServiceCatalogChanged Changed() => new()
    {
        EventId = Guid.CreateVersion7(ChangedAt),
        OccurredAt = ChangedAt,
        AggregateId = Code,
        AggregateVersion = Version,
        Code = Code,
        Name = Name,
        Unit = Unit,
        Audience = Audience.Spelled(),
        Active = Active,
    };
}

/// <summary>Whose usage drives the service's cost.</summary>
public enum Audience
{
    Internal,
    External,
    Both,
}

/// <summary>What departments are told.</summary>
public enum Charging
{
    /// <summary>What they cost, for their information.</summary>
    Showback,

    /// <summary>What they are charged.</summary>
    Chargeback,
}

/// <summary>How the charge comes about.</summary>
public enum Pricing
{
    /// <summary>The service's cost, neither more nor less.</summary>
    CostRecovery,

    /// <summary>The prices of the rate card that is valid in the month, for what a department used.</summary>
    RateCard,
}
