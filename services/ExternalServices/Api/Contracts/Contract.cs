using ExternalServices.Domain.Contracts;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>What a customer signed, as it stands today: a published plan version from a day on.</summary>
public sealed record Contract
{
    public required string Code { get; init; }

    public required string Customer { get; init; }

    /// <summary>Code of the legal entity that invoices it.</summary>
    public required string LegalEntity { get; init; }

    /// <summary>As today, in the customer's zone.</summary>
    public required ContractState State { get; init; }

    public required string Plan { get; init; }

    public required int PlanVersion { get; init; }

    public required Currency Currency { get; init; }

    /// <summary>First day, in the customer's zone.</summary>
    public required DateOnly Start { get; init; }

    /// <summary>First day that is no longer in it; null while it runs.</summary>
    public required DateOnly? End { get; init; }

    /// <summary>A day on which a billing period begins; from the 31st, shorter months' last day.</summary>
    public required DateOnly Anchor { get; init; }

    /// <summary>What is agreed differently from the plan, charge by charge.</summary>
    public required IReadOnlyList<AgreedCharge> Overrides { get; init; }

    /// <summary>What is billed at least; null for what the plan says.</summary>
    public required IReadOnlyList<Commitment>? Commitments { get; init; }

    /// <summary>What becomes of usage that comes when its period is billed.</summary>
    public required LateUsagePolicy LateUsage { get; init; }

    /// <summary>Grows with each change; the ETag.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset SignedAt { get; init; }
}

public enum ContractState
{
    /// <summary>Its first day has not come.</summary>
    Scheduled,

    Active,

    /// <summary>Neither fees nor commitments are due.</summary>
    Paused,

    Ended,
}
