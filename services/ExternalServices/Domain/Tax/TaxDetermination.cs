using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Tax;

/// <summary>
/// Decides by whom and at which rate a supply is taxed (Directive 2006/112/EC, articles 44, 45, 138, 146 and 196).
/// </summary>
/// <remarks>
/// Customers are businesses. One without a VAT id in another member state is taxed as at home (article 45); the
/// special place of supply of electronic services to consumers (article 58) is not covered.
/// </remarks>
public static class TaxDetermination
{
    private static readonly TaxTreatment ReverseCharge = new(TaxCategory.AE, 0, "VATEX-EU-AE", "Reverse charge");

    private static readonly TaxTreatment IntraCommunity =
        new(TaxCategory.K, 0, "VATEX-EU-IC", "Intra-community supply");

    private static readonly TaxTreatment Export = new(TaxCategory.G, 0, "VATEX-EU-G", "Export outside the EU");

    private static readonly TaxTreatment OutsideScope = new(TaxCategory.O, 0, "VATEX-EU-O", "Not subject to VAT");

    /// <summary>The treatment of a supply at its tax point.</summary>
    /// <returns>
    /// The treatment, <c>vat-id-country-mismatch</c>, <c>tax-rate-missing</c> or <c>tax-rate-ambiguous</c> for the
    /// seller's country and the tax point.
    /// </returns>
    public static Outcome<TaxTreatment> Determine(TaxFacts facts, IReadOnlyList<TaxRate> rates)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(rates);
        if (facts.BuyerVatId is { } vatId
            && VatArea.IsMemberState(facts.BuyerCountry)
            && !VatArea.IsVatIdOf(facts.BuyerCountry, vatId))
        {
            return Refusal.Rejected(
                "vat-id-country-mismatch", $"'{vatId}' is not a VAT id of {facts.BuyerCountry}.", "/buyerVatId");
        }

        var goods = facts.Supply == SupplyKind.Goods;
        return Place(facts) switch
        {
            Destination.Domestic => Domestic(facts, rates),
            Destination.OtherMemberState => goods ? IntraCommunity : ReverseCharge,
            Destination.Abroad => goods ? Export : OutsideScope,
        };
    }

    private static Destination Place(TaxFacts facts)
    {
        if (facts.BuyerCountry == facts.SellerCountry)
        {
            return Destination.Domestic;
        }

        if (VatArea.IsMemberState(facts.SellerCountry) && VatArea.IsMemberState(facts.BuyerCountry))
        {
            return facts.BuyerVatId is null ? Destination.Domestic : Destination.OtherMemberState;
        }

        return Destination.Abroad;
    }

    private static Outcome<TaxTreatment> Domestic(TaxFacts facts, IReadOnlyList<TaxRate> rates)
    {
        if (facts.Exemptions.FirstOrDefault(exemption => exemption.Holds(facts.TaxPoint)) is { } exemption)
        {
            return new TaxTreatment(exemption.Category, 0, exemption.ReasonCode, exemption.Reason);
        }

        var inForce = rates
            .Where(rate => rate.Country == facts.SellerCountry
                && rate.Category == facts.Class.Category()
                && rate.Class == facts.Class
                && rate.IsInForce(facts.TaxPoint))
            .ToList();
        return inForce switch
        {
            [var rate] => new TaxTreatment(rate.Category, rate.Rate, rate.ReasonCode, rate.Reason),
            [] => Refusal.Rejected(
                "tax-rate-missing",
                $"No {facts.Class} rate of {facts.SellerCountry} is in force on {facts.TaxPoint:O}."),
            _ => Refusal.Rejected(
                "tax-rate-ambiguous",
                $"{inForce.Count} {facts.Class} rates of {facts.SellerCountry} are in force on {facts.TaxPoint:O}."),
        };
    }

    private enum Destination
    {
        Domestic,
        OtherMemberState,
        Abroad,
    }
}

/// <summary>What decides on the tax of a supply.</summary>
public sealed record TaxFacts
{
    /// <summary>Where the invoicing legal entity is established, ISO 3166-1 alpha-2.</summary>
    public required string SellerCountry { get; init; }

    /// <summary>Where the customer is established, ISO 3166-1 alpha-2.</summary>
    public required string BuyerCountry { get; init; }

    /// <summary>The customer's VAT identification number with its prefix; null without one.</summary>
    public string? BuyerVatId { get; init; }

    /// <summary>The day on which the tax becomes due.</summary>
    public required DateOnly TaxPoint { get; init; }

    public SupplyKind Supply { get; init; } = SupplyKind.Services;

    /// <summary>What is sold; it decides on the rate where the supply is taxed at home.</summary>
    public TaxClass Class { get; init; } = TaxClass.Standard;

    /// <summary>The customer's exemptions; the first that holds at the tax point counts.</summary>
    public IReadOnlyList<TaxExemption> Exemptions { get; init; } = [];
}

/// <summary>Goods and services cross borders under different articles.</summary>
public enum SupplyKind
{
    Services,
    Goods,
}
