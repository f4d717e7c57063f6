using ExternalServices.Domain.Tax;
using static ExternalServices.Domain.Tests.Days;

namespace ExternalServices.Domain.Tests.Tax;

public sealed class TaxDeterminationTests
{
    private static readonly TaxRate[] Rates =
    [
        new("ES", TaxCategory.S, 18, Day("2010-07-01"), Day("2012-09-01")),
        new("ES", TaxCategory.S, 21, Day("2012-09-01")),
        new("DE", TaxCategory.S, 19, Day("2007-01-01"), Day("2020-07-01")),
        new("DE", TaxCategory.S, 16, Day("2020-07-01"), Day("2021-01-01")),
        new("DE", TaxCategory.S, 19, Day("2021-01-01")),
        new("US", TaxCategory.S, 0, Day("2000-01-01")),
    ];

    [Theory]
    [InlineData("ES", "ES", "ESB12345678", "2026-11-30", TaxCategory.S, 21, null)]
    [InlineData("ES", "ES", null, "2026-11-30", TaxCategory.S, 21, null)]
    [InlineData("ES", "ES", null, "2012-08-31", TaxCategory.S, 18, null)]
    [InlineData("ES", "ES", null, "2012-09-01", TaxCategory.S, 21, null)]
    [InlineData("DE", "DE", null, "2020-12-31", TaxCategory.S, 16, null)]
    [InlineData("ES", "DE", "DE123456789", "2026-11-30", TaxCategory.AE, 0, "VATEX-EU-AE")]
    [InlineData("ES", "GR", "EL123456789", "2026-11-30", TaxCategory.AE, 0, "VATEX-EU-AE")]
    [InlineData("ES", "DE", null, "2026-11-30", TaxCategory.S, 21, null)]
    [InlineData("ES", "US", null, "2026-11-30", TaxCategory.O, 0, "VATEX-EU-O")]
    [InlineData("ES", "GB", "GB123456789", "2026-11-30", TaxCategory.O, 0, "VATEX-EU-O")]
    [InlineData("US", "DE", "DE123456789", "2026-11-30", TaxCategory.O, 0, "VATEX-EU-O")]
    [InlineData("US", "US", null, "2026-11-30", TaxCategory.S, 0, null)]
    public void Services_are_taxed_by_countries_vat_id_and_tax_point(
        string seller, string buyer, string? vatId, string taxPoint, TaxCategory category, int rate, string? reasonCode)
    {
        var treatment = TaxDetermination.Determine(Facts(seller, buyer, vatId, taxPoint), Rates).Value;

        Assert.Equal((category, rate, reasonCode), (treatment.Category, treatment.Rate, treatment.ReasonCode));
        Assert.Equal(reasonCode is null, treatment.Reason is null);
    }

    [Theory]
    [InlineData("ES", "ES", null, TaxClass.Standard, TaxCategory.S, 21, null)]
    [InlineData("ES", "ES", null, TaxClass.Reduced, TaxCategory.S, 10, null)]
    [InlineData("ES", "ES", null, TaxClass.SuperReduced, TaxCategory.S, 4, null)]
    [InlineData("ES", "ES", null, TaxClass.Zero, TaxCategory.Z, 0, null)]
    [InlineData("ES", "ES", null, TaxClass.Exempt, TaxCategory.E, 0, "Teaching")]
    [InlineData("ES", "DE", "DE123456789", TaxClass.Exempt, TaxCategory.AE, 0, "Reverse charge")]
    [InlineData("ES", "DE", null, TaxClass.Reduced, TaxCategory.S, 10, null)]
    [InlineData("ES", "US", null, TaxClass.Zero, TaxCategory.O, 0, "Not subject to VAT")]
    public void What_is_sold_decides_on_the_rate_at_home(
        string seller,
        string buyer,
        string? vatId,
        TaxClass taxClass,
        TaxCategory category,
        int rate,
        string? reason)
    {
        TaxRate[] rates =
        [
            .. Rates,
            new("ES", TaxCategory.S, 10, Day("2012-09-01"), Class: TaxClass.Reduced),
            new("ES", TaxCategory.S, 4, Day("2012-09-01"), Class: TaxClass.SuperReduced),
            new("ES", TaxCategory.Z, 0, Day("2012-09-01"), Class: TaxClass.Zero),
            new("ES", TaxCategory.E, 0, Day("2012-09-01"), Class: TaxClass.Exempt, Reason: "Teaching"),
        ];
        var facts = Facts(seller, buyer, vatId, "2026-11-30");

        var treatments = TaxTreatments.Determine(facts, rates, [TaxClass.Standard, taxClass]).Value;

        var treatment = treatments[taxClass];
        Assert.Equal((category, rate, reason), (treatment.Category, treatment.Rate, treatment.Reason));
        Assert.Equal(
            "tax-rate-missing",
            TaxTreatments.Determine(facts with { BuyerCountry = seller, BuyerVatId = null }, Rates, [TaxClass.Zero])
                .Refusal?.Code);
        Assert.Throws<KeyNotFoundException>(
            () => TaxTreatments.Determine(facts, rates, []).Value[TaxClass.Standard]);
    }

    [Theory]
    [InlineData("DE", "DE123456789", TaxCategory.K, "VATEX-EU-IC")]
    [InlineData("US", null, TaxCategory.G, "VATEX-EU-G")]
    public void Goods_cross_borders_under_other_articles(
        string buyer, string? vatId, TaxCategory category, string reasonCode)
    {
        var facts = Facts("ES", buyer, vatId, "2026-11-30") with { Supply = SupplyKind.Goods };

        var treatment = TaxDetermination.Determine(facts, Rates).Value;

        Assert.Equal((category, reasonCode), (treatment.Category, treatment.ReasonCode));
    }

    [Fact]
    public void An_exemption_counts_at_home_while_it_holds()
    {
        var exemption = new TaxExemption(
            TaxCategory.E, "Exempt under article 132", From: Day("2026-01-01"), To: Day("2026-12-01"));
        var facts = Facts("ES", "ES", null, "2026-11-30") with { Exemptions = [exemption] };

        Assert.Equal(
            new TaxTreatment(TaxCategory.E, 0, null, "Exempt under article 132"),
            TaxDetermination.Determine(facts, Rates).Value);
        Assert.Equal(
            TaxCategory.S,
            TaxDetermination.Determine(facts with { TaxPoint = Day("2026-12-01") }, Rates).Value.Category);
    }

    [Theory]
    [InlineData("ESB12345678")]
    [InlineData("GR123456789")]
    [InlineData("EL")]
    [InlineData("EL12345678901234")]
    [InlineData("EL12345678a")]
    public void A_vat_id_of_another_country_is_refused(string vatId) =>
        Assert.Equal(
            "vat-id-country-mismatch",
            TaxDetermination.Determine(Facts("ES", "GR", vatId, "2026-11-30"), Rates).Refusal?.Code);

    [Fact]
    public void Without_a_rate_in_force_nothing_is_guessed() =>
        Assert.Equal(
            "tax-rate-missing",
            TaxDetermination.Determine(Facts("ES", "ES", null, "2009-12-31"), Rates).Refusal?.Code);

    [Fact]
    public void Two_rates_in_force_are_ambiguous() =>
        Assert.Equal(
            "tax-rate-ambiguous",
            TaxDetermination.Determine(
                Facts("ES", "ES", null, "2026-11-30"),
                [.. Rates, new TaxRate("ES", TaxCategory.S, 22, Day("2026-11-30"))]).Refusal?.Code);

    private static TaxFacts Facts(string seller, string buyer, string? vatId, string taxPoint) =>
        new() { SellerCountry = seller, BuyerCountry = buyer, BuyerVatId = vatId, TaxPoint = Day(taxPoint) };
}
