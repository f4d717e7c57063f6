using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>A price plan: what customers can sign, in versions.</summary>
public sealed record Plan
{
    public required string Code { get; init; }

    public required string Name { get; init; }

    /// <summary>All prices of the plan are in this currency.</summary>
    public required Currency Currency { get; init; }

    /// <summary>The latest published version; null while there is none.</summary>
    public required int? PublishedVersion { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
