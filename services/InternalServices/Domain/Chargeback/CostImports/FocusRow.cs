using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.CostImports;

/// <summary>
/// One row of a FOCUS 1.0–1.2 Cost and Usage file, with the columns that the mapping and the books need.
/// </summary>
public sealed record FocusRow
{
    /// <summary>In <see cref="BillingCurrency"/>, exact; credits are negative.</summary>
    public required decimal BilledCost { get; init; }

    public required Currency BillingCurrency { get; init; }

    public required string BillingAccountId { get; init; }

    /// <summary>With provider and billing account it says what a corrected file replaces. UTC.</summary>
    public required DateTimeOffset BillingPeriodStart { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset ChargePeriodStart { get; init; }

    /// <summary><c>Usage</c>, <c>Purchase</c>, <c>Tax</c>, <c>Credit</c> or <c>Adjustment</c>.</summary>
    public required string ChargeCategory { get; init; }

    public required string ProviderName { get; init; }

    public required string ServiceCategory { get; init; }

    public required string ServiceName { get; init; }

    /// <summary>From version 1.1 on.</summary>
    public string? ServiceSubcategory { get; init; }

    public string? SubAccountId { get; init; }

    public string? SubAccountName { get; init; }

    public string? ResourceId { get; init; }

    public string? ChargeDescription { get; init; }

    /// <summary>Values of tags that are present without one are empty.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>The cost month: that of <see cref="ChargePeriodStart"/> in UTC.</summary>
    public Period Month => Period.Of(ChargePeriodStart, TimeZoneInfo.Utc);
}
