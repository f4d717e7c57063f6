namespace InternalServices.Api.Organisation;

/// <summary>A department of the provider's organisation, or one of the two that stand for something else.</summary>
public sealed record Department
{
    public required string Code { get; init; }

    public required string Name { get; init; }

    public required DepartmentKind Kind { get; init; }

    /// <summary>Code of the department that it is part of.</summary>
    public required string? Parent { get; init; }

    /// <summary>Whether new usage and costs may name it.</summary>
    public required bool Active { get; init; }

    /// <summary>Grows with each edit; the ETag.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }
}

public enum DepartmentKind
{
    /// <summary>An internal customer.</summary>
    Internal,

    /// <summary>Stands for all external customers together: <c>EXTERNAL-BUSINESS</c>.</summary>
    ExternalBusiness,

    /// <summary>Makes visible what nobody consumes: <c>UNALLOCATED</c>.</summary>
    Unallocated,
}
