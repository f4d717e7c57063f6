using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>The billing of a month, carried out in the background.</summary>
public sealed record BillingRun
{
    public required Guid Id { get; init; }

    public required Period Month { get; init; }

    public required BillingScope Scope { get; init; }

    /// <summary>Code of the customer or legal entity; null for all.</summary>
    public required string? ScopeCode { get; init; }

    /// <summary>Whether invoices get their numbers at once; else they stay drafts.</summary>
    public required bool Finalizes { get; init; }

    /// <summary>Hours after which its drafts are finalized by themselves; null when they wait.</summary>
    public required int? GraceHours { get; init; }

    public required BillingRunState State { get; init; }

    /// <summary>Contracts in the scope; null until the run has begun.</summary>
    public required int? ContractsTotal { get; init; }

    public required int ContractsDone { get; init; }

    /// <summary>Invoices made.</summary>
    public required int Invoices { get; init; }

    /// <summary>Contracts that could not be billed; the next run tries them again.</summary>
    public required int Failures { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Subject of the token that started it.</summary>
    public required string CreatedBy { get; init; }

    public required DateTimeOffset? CompletedAt { get; init; }
}

/// <summary>Which contracts a run bills.</summary>
public enum BillingScope
{
    All,

    /// <summary>Those that one legal entity invoices.</summary>
    LegalEntity,

    /// <summary>Those of one customer.</summary>
    Customer,
}

public enum BillingRunState
{
    /// <summary>Waits for its turn.</summary>
    Queued,

    Running,

    Completed,
}
