using ExternalServices.Api.Contracts;
using ExternalServices.Domain.EInvoicing;
using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing.Running;

/// <summary>A contract with what its invoice needs of both sides.</summary>
internal sealed record BilledContract : RunningContract
{
    public required int CustomerVersion { get; init; }

    public required string CustomerCountry { get; init; }

    public required string? CustomerVatId { get; init; }

    public required int PaymentTermsDays { get; init; }

    public required string LegalEntity { get; init; }

    public required int LegalEntityVersion { get; init; }

    public required string LegalEntityZone { get; init; }

    public required string LegalEntityCountry { get; init; }

    public required string? LegalEntityVatId { get; init; }

    /// <summary>The end that holds now.</summary>
    public required DateOnly? End { get; init; }

    public bool IsOver(DateTimeOffset now) => End <= LocalDay.Of(now, Zone);

    /// <summary>The day in the legal entity's zone: what is issued now bears it.</summary>
    public DateOnly Today(DateTimeOffset now) =>
        LocalDay.Of(now, TimeZoneInfo.FindSystemTimeZoneById(LegalEntityZone));

    /// <summary>The tax falls due on the last day of the billing month, or today while the month goes on.</summary>
    public DateOnly TaxPoint(Period month, DateTimeOffset now)
    {
        var (last, today) = (month.NextFirstDay.AddDays(-1), Today(now));
        return today < last ? today : last;
    }

    public TaxParties TaxParties => new() { SellerVatId = LegalEntityVatId, BuyerVatId = CustomerVatId };

    public TaxFacts TaxFacts(DateOnly taxPoint, IReadOnlyList<TaxExemption> exemptions) => new()
    {
        SellerCountry = LegalEntityCountry,
        BuyerCountry = CustomerCountry,
        BuyerVatId = CustomerVatId,
        TaxPoint = taxPoint,
        Exemptions = exemptions,
    };
}
