using ExternalServices.Domain.Pricing;
using ExternalServices.Domain.Tax;
using ExternalServices.Domain.Usage;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Contracts;

/// <summary>What a contract bills and when: its plan version with everything that was agreed differently.</summary>
public sealed record ContractTerms
{
    /// <summary>The contract's code.</summary>
    public required string Contract { get; init; }

    public required Currency Currency { get; init; }

    /// <summary>The customer's zone: billing days are days there.</summary>
    public required TimeZoneInfo Zone { get; init; }

    public required BillingCycle Cycle { get; init; }

    public required IReadOnlyList<ContractCharge> Charges { get; init; }

    public IReadOnlyList<MinimumCommitment> Commitments { get; init; } = [];

    /// <summary>What was signed since, and the end when one was agreed.</summary>
    public IReadOnlyList<TermsChange> Changes { get; init; } = [];

    /// <summary>Whether it agrees, or ever agreed, to bill anything at least.</summary>
    public bool HasCommitments =>
        Commitments.Count > 0 || Changes.Any(change => change.Commitments.Count > 0);

    /// <summary>In the order in which they are invoiced: the contract's own, then those of changes.</summary>
    internal string[] ChargeCodes =>
    [
        .. Charges.Concat(Changes.SelectMany(change => change.Charges))
            .Select(charge => charge.Code)
            .Distinct(StringComparer.Ordinal),
    ];
}

/// <summary>One charge of a contract; equal when every member is, the discounts one by one.</summary>
public sealed record ContractCharge
{
    /// <summary>Unique in the contract.</summary>
    public required string Code { get; init; }

    /// <summary>Code of the service in the catalogue.</summary>
    public required string Service { get; init; }

    /// <summary>As the customer reads it on the invoice.</summary>
    public required string Description { get; init; }

    /// <summary>What one unit is, for example <c>GB-month</c>; <c>month</c> for a flat monthly fee.</summary>
    public required string Unit { get; init; }

    public required ChargeModel Model { get; init; }

    /// <summary>How it is taxed at home.</summary>
    public TaxClass TaxClass { get; init; } = TaxClass.Standard;

    /// <summary>How usage becomes the quantity; of no meaning for a flat fee.</summary>
    public MeterSpec Meter { get; init; } = MeterSpec.Sum;

    /// <summary>How often a flat fee is agreed, for example seats; metered charges have 1.</summary>
    public decimal AgreedQuantity { get; init; } = 1;

    /// <summary>Taken off in this order.</summary>
    public IReadOnlyList<Discount> Discounts { get; init; } = [];

    /// <summary>The discounts that hold for a billing period.</summary>
    internal IReadOnlyList<Discount> DiscountsIn(BillingPeriod period) =>
        [.. Discounts.Where(discount => discount.Covers(period))];

    public bool Equals(ContractCharge? other) =>
        other is not null
        && (Code, Service, Description, Unit) == (other.Code, other.Service, other.Description, other.Unit)
        && (Model, Meter, AgreedQuantity, TaxClass)
            == (other.Model, other.Meter, other.AgreedQuantity, other.TaxClass)
        && Discounts.SequenceEqual(other.Discounts);

    public override int GetHashCode() => HashCode.Combine(Code, Model, AgreedQuantity, Discounts.Count);

    internal BillingTiming Timing => Model is FlatCharge flat ? flat.Timing : BillingTiming.InArrears;
}
