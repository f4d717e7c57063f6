using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;
using static ExternalServices.Domain.EInvoicing.TotalRules;

namespace ExternalServices.Domain.EInvoicing;

/// <summary>
/// The rules 01 to 10 that every VAT category has in its own colour: BR-S, BR-Z, BR-E, BR-AE, BR-IC, BR-G, BR-O.
/// </summary>
internal sealed record CategoryFamily
{
    public static readonly IReadOnlyList<CategoryFamily> All =
    [
        new() { Category = TaxCategory.S, Name = "S", HasIds = SellerIsKnown, Rate = RateRule.Positive },
        new() { Category = TaxCategory.Z, Name = "Z", HasIds = SellerIsKnown, Rate = RateRule.Zero },
        new() { Category = TaxCategory.E, Name = "E", HasIds = SellerIsKnown, Rate = RateRule.Zero, HasReason = true },
        new() { Category = TaxCategory.AE, Name = "AE", HasIds = BothAreKnown, Rate = RateRule.Zero, HasReason = true },
        new() { Category = TaxCategory.K, Name = "IC", HasIds = BothHaveIds, Rate = RateRule.Zero, HasReason = true },
        new() { Category = TaxCategory.G, Name = "G", HasIds = SellerHasVatId, Rate = RateRule.Zero, HasReason = true },
        new() { Category = TaxCategory.O, Name = "O", HasIds = NobodyHasVatId, Rate = RateRule.None, HasReason = true },
    ];

    public required TaxCategory Category { get; init; }

    /// <summary>The family's name in the rules; goods within the EU are K in the code list and IC here.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the parties are identified as the category asks.</summary>
    public required Predicate<TaxParties> HasIds { get; init; }

    public required RateRule Rate { get; init; }

    /// <summary>Whether the breakdown must say why no tax is charged; otherwise it must not.</summary>
    public bool HasReason { get; init; }

    public IEnumerable<RuleViolation> Check(EInvoice invoice)
    {
        var parts = PartsOf(invoice).ToList();
        var groups = invoice.TaxGroups
            .Select((group, i) => (Group: group, Pointer: $"/taxGroups/{i}"))
            .Where(entry => entry.Group.Category == Category)
            .ToList();
        return
        [
            .. CheckBreakdown(parts.Count, groups.Count),
            .. parts.SelectMany(part => CheckPart(part, invoice.Parties)),
            .. groups.SelectMany(entry => CheckGroup(entry.Group, entry.Pointer, parts, invoice.Currency)),
        ];
    }

    private static bool SellerIsKnown(TaxParties parties) =>
        parties.SellerVatId is not null
        || parties.SellerTaxRegistration is not null
        || parties.RepresentativeVatId is not null;

    private static bool SellerHasVatId(TaxParties parties) =>
        parties.SellerVatId is not null || parties.RepresentativeVatId is not null;

    private static bool BothAreKnown(TaxParties parties) =>
        SellerIsKnown(parties) && (parties.BuyerVatId is not null || parties.BuyerRegistration is not null);

    private static bool BothHaveIds(TaxParties parties) => SellerHasVatId(parties) && parties.BuyerVatId is not null;

    private static bool NobodyHasVatId(TaxParties parties) => !SellerHasVatId(parties) && parties.BuyerVatId is null;

    /// <summary>Lines, allowances and charges of the category, with their sign in the base.</summary>
    private IEnumerable<Part> PartsOf(EInvoice invoice) =>
        invoice.Lines.Select((line, i) => new Part(0, $"/lines/{i}", line.Category, line.Rate, line.Net))
            .Concat(invoice.Allowances.Select((a, i) => new Part(1, $"/allowances/{i}", a.Category, a.Rate, -a.Amount)))
            .Concat(invoice.Charges.Select((c, i) => new Part(2, $"/charges/{i}", c.Category, c.Rate, c.Amount)))
            .Where(part => part.Category == Category);

    private IEnumerable<RuleViolation> CheckBreakdown(int parts, int groups)
    {
        var several = Category != TaxCategory.S && groups > 1;
        if (parts > 0 && (groups == 0 || several))
        {
            yield return Violation(1, "/taxGroups", $"The VAT breakdown has {groups} groups of category {Category}.");
        }
    }

    private IEnumerable<RuleViolation> CheckPart(Part part, TaxParties parties)
    {
        if (!HasIds(parties))
        {
            yield return Violation(
                2 + part.Kind, part.Pointer, $"The parties are not identified as category {Category} asks.");
        }

        var rateFits = Rate switch
        {
            RateRule.Positive => part.Rate > 0,
            RateRule.Zero => part.Rate == 0,
            RateRule.None => part.Rate is null,
        };
        if (!rateFits)
        {
            yield return Violation(5 + part.Kind, $"{part.Pointer}/rate", $"{part.Rate} % is no rate of {Category}.");
        }
    }

    private IEnumerable<RuleViolation> CheckGroup(
        EInvoiceTaxGroup group, string pointer, IReadOnlyList<Part> parts, Currency currency)
    {
        var taxed = parts.Where(part => Rate != RateRule.Positive || part.Rate == group.Rate).Sum(part => part.Amount);
        var tax = Rate == RateRule.Positive ? TaxOf(group, currency) : 0;
        if (Differs(RuleName(8), $"{pointer}/base", group.Base, taxed) is { } wrongBase)
        {
            yield return wrongBase;
        }

        if (Differs(RuleName(9), $"{pointer}/tax", group.Tax, tax) is { } wrongTax)
        {
            yield return wrongTax;
        }

        if (HasReason != (group.ReasonCode is not null || group.Reason is not null))
        {
            yield return Violation(
                10, pointer, HasReason ? "A reason for the exemption is missing." : "A taxed group has no exemption.");
        }
    }

    private RuleViolation Violation(int number, string pointer, string detail) =>
        new(RuleName(number), pointer, detail);

    private string RuleName(int number) => $"BR-{Name}-{number:00}";

    private sealed record Part(int Kind, string Pointer, TaxCategory Category, decimal? Rate, decimal Amount);
}

/// <summary>Which rates a VAT category has.</summary>
internal enum RateRule
{
    Positive,
    Zero,
    None,
}
