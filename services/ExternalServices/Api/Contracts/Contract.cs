using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>What a customer signed: a published plan version from a day on.</summary>
public sealed record Contract
{
    public required string Code { get; init; }

    public required string Customer { get; init; }

    /// <summary>Code of the legal entity that invoices it.</summary>
    public required string LegalEntity { get; init; }

    public required string Plan { get; init; }

    public required int PlanVersion { get; init; }

    public required Currency Currency { get; init; }

    /// <summary>First day, in the customer's zone.</summary>
    public required DateOnly Start { get; init; }

    /// <summary>First day that is no longer in it; null while it runs.</summary>
    public required DateOnly? End { get; init; }

    /// <summary>A day on which a billing period begins; from the 31st, shorter months' last day.</summary>
    public required DateOnly Anchor { get; init; }

    /// <summary>Grows with each change; the ETag.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset SignedAt { get; init; }
}
