using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.EInvoicing;

/// <summary>The amounts and tax facts of an invoice or credit note as EN 16931 sees them.</summary>
public sealed record EInvoice
{
    public required Currency Currency { get; init; }

    public required TaxParties Parties { get; init; }

    /// <summary>BG-25.</summary>
    public required IReadOnlyList<EInvoiceLine> Lines { get; init; }

    /// <summary>BG-20.</summary>
    public required IReadOnlyList<EInvoiceAdjustment> Allowances { get; init; }

    /// <summary>BG-21.</summary>
    public required IReadOnlyList<EInvoiceAdjustment> Charges { get; init; }

    /// <summary>BG-23.</summary>
    public required IReadOnlyList<EInvoiceTaxGroup> TaxGroups { get; init; }

    /// <summary>BT-106.</summary>
    public required decimal LineTotal { get; init; }

    /// <summary>BT-107.</summary>
    public required decimal AllowanceTotal { get; init; }

    /// <summary>BT-108.</summary>
    public required decimal ChargeTotal { get; init; }

    /// <summary>BT-109.</summary>
    public required decimal NetTotal { get; init; }

    /// <summary>BT-110.</summary>
    public required decimal TaxTotal { get; init; }

    /// <summary>BT-112.</summary>
    public required decimal GrossTotal { get; init; }

    /// <summary>BT-113.</summary>
    public decimal Prepaid { get; init; }

    /// <summary>BT-114.</summary>
    public decimal Rounding { get; init; }

    /// <summary>BT-115.</summary>
    public required decimal Due { get; init; }

    /// <summary>
    /// A draft as an e-invoice. A document outside the scope of VAT states neither rates nor VAT ids, whatever the
    /// parties have.
    /// </summary>
    public static EInvoice Of(InvoiceDraft draft, TaxParties parties)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(parties);
        var totals = draft.Totals;
        var isOutsideScope = totals.TaxGroups.All(group => group.Category == TaxCategory.O);
        var reasons = draft.Lines.ToLookup(line => (line.Tax.Category, line.Tax.Rate), line => line.Tax);
        return new EInvoice
        {
            Currency = draft.Currency,
            Parties = isOutsideScope ? parties.WithoutVatIds() : parties,
            Lines = [.. draft.Lines.Select(EInvoiceLine.Of)],
            Allowances = [.. EInvoiceAdjustment.Spread(draft)],
            Charges = [],
            TaxGroups =
            [
                .. totals.TaxGroups.Select(group =>
                    EInvoiceTaxGroup.Of(group, reasons[(group.Category, group.Rate)].FirstOrDefault())),
            ],
            LineTotal = totals.LineTotal,
            AllowanceTotal = totals.AllowanceTotal,
            ChargeTotal = totals.ChargeTotal,
            NetTotal = totals.NetTotal,
            TaxTotal = totals.TaxTotal,
            GrossTotal = totals.GrossTotal,
            Prepaid = totals.Prepaid,
            Due = totals.Due,
        };
    }

    /// <summary>An issued document with the totals that it states.</summary>
    public static EInvoice Issued(
        Currency currency,
        TaxParties parties,
        IReadOnlyList<EInvoiceLine> lines,
        IReadOnlyList<EInvoiceTaxGroup> groups,
        (decimal Net, decimal Tax, decimal Gross) totals)
    {
        ArgumentNullException.ThrowIfNull(parties);
        ArgumentNullException.ThrowIfNull(groups);
        var isOutsideScope = groups.All(group => group.Category == TaxCategory.O);
        return new EInvoice
        {
            Currency = currency,
            Parties = isOutsideScope ? parties.WithoutVatIds() : parties,
            Lines = lines,
            Allowances = [],
            Charges = [],
            TaxGroups = groups,
            LineTotal = totals.Net,
            AllowanceTotal = 0,
            ChargeTotal = 0,
            NetTotal = totals.Net,
            TaxTotal = totals.Tax,
            GrossTotal = totals.Gross,
            Due = totals.Gross,
        };
    }

    /// <summary>Outside the scope of VAT there is no rate, not even zero.</summary>
    public static decimal? StatedRate(TaxCategory category, decimal rate) => category == TaxCategory.O ? null : rate;
}

/// <summary>The numbers by which tax authorities know the parties.</summary>
public sealed record TaxParties
{
    /// <summary>BT-31.</summary>
    public string? SellerVatId { get; init; }

    /// <summary>BT-32.</summary>
    public string? SellerTaxRegistration { get; init; }

    /// <summary>Of the seller's tax representative, BT-63.</summary>
    public string? RepresentativeVatId { get; init; }

    /// <summary>BT-48.</summary>
    public string? BuyerVatId { get; init; }

    /// <summary>BT-47.</summary>
    public string? BuyerRegistration { get; init; }

    internal TaxParties WithoutVatIds() =>
        this with { SellerVatId = null, RepresentativeVatId = null, BuyerVatId = null };
}

/// <summary>The amounts of one line.</summary>
/// <param name="Net">BT-131.</param>
/// <param name="Category">BT-151.</param>
/// <param name="Rate">In percent, BT-152; null outside the scope of VAT.</param>
public sealed record EInvoiceLine(decimal Net, TaxCategory Category, decimal? Rate)
{
    /// <summary>BT-136.</summary>
    public IReadOnlyList<decimal> Allowances { get; init; } = [];

    /// <summary>BT-141.</summary>
    public IReadOnlyList<decimal> Charges { get; init; } = [];

    internal static EInvoiceLine Of(InvoiceLine line) =>
        new(line.Net, line.Tax.Category, EInvoice.StatedRate(line.Tax.Category, line.Tax.Rate))
        {
            Allowances = line.Amounts.Allowances,
            Charges = line.Amounts.Charges,
        };
}

/// <summary>An allowance or charge of the document.</summary>
/// <param name="Amount">BT-92 or BT-99.</param>
/// <param name="Category">BT-95 or BT-102.</param>
/// <param name="Rate">In percent, BT-96 or BT-103; null outside the scope of VAT.</param>
public sealed record EInvoiceAdjustment(decimal Amount, TaxCategory Category, decimal? Rate)
{
    /// <summary>A discount spread over the lines is one allowance per tax group.</summary>
    internal static IEnumerable<EInvoiceAdjustment> Spread(InvoiceDraft draft) =>
        draft.Totals.DiscountShares
            .Select((share, i) => (Share: share, draft.Lines[i].Tax.Category, draft.Lines[i].Tax.Rate))
            .GroupBy(part => (part.Category, part.Rate), part => part.Share)
            .Select(group => new EInvoiceAdjustment(
                group.Sum(), group.Key.Category, EInvoice.StatedRate(group.Key.Category, group.Key.Rate)));
}

/// <summary>One group of the VAT breakdown.</summary>
/// <param name="Category">BT-118.</param>
/// <param name="Rate">In percent, BT-119; null outside the scope of VAT.</param>
/// <param name="Base">BT-116.</param>
/// <param name="Tax">BT-117.</param>
/// <param name="ReasonCode">BT-121.</param>
/// <param name="Reason">BT-120.</param>
public sealed record EInvoiceTaxGroup(
    TaxCategory Category,
    decimal? Rate,
    decimal Base,
    decimal Tax,
    string? ReasonCode = null,
    string? Reason = null)
{
    internal static EInvoiceTaxGroup Of(TaxGroup group, TaxTreatment? treatment) =>
        new(
            group.Category,
            EInvoice.StatedRate(group.Category, group.Rate),
            group.Base,
            group.Tax,
            treatment?.ReasonCode,
            treatment?.Reason);
}
