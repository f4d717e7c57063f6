namespace ExternalServices.Api.Catalogue;

/// <summary>A service of the one catalogue, as its owner's events tell it.</summary>
public sealed record Service
{
    public required string Code { get; init; }

    public required string Name { get; init; }

    /// <summary>What one unit of use is, for example <c>GB-month</c>.</summary>
    public required string Unit { get; init; }

    public required Audience Audience { get; init; }

    /// <summary>Whether new usage may name it.</summary>
    public required bool Active { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }
}

/// <summary>Whose usage drives the service's cost.</summary>
public enum Audience
{
    /// <summary>Departments of the provider; it is not offered to customers.</summary>
    Internal,

    /// <summary>External customers.</summary>
    External,

    Both,
}
