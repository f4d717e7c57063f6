using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Billing;

/// <summary>
/// The totals of an invoice by the arithmetic of EN 16931: tax once per group of category and rate, totals as sums of
/// rounded parts that are not rounded again.
/// </summary>
public sealed record InvoiceTotals
{
    /// <summary>In the order of the lines (BT-131).</summary>
    public required IReadOnlyList<decimal> LineNets { get; init; }

    /// <summary>Each line's share of the spread discount; empty without one.</summary>
    public required IReadOnlyList<decimal> DiscountShares { get; init; }

    /// <summary>Σ line nets (BT-106).</summary>
    public required decimal LineTotal { get; init; }

    /// <summary>BT-107, the spread discount included.</summary>
    public required decimal AllowanceTotal { get; init; }

    /// <summary>BT-108.</summary>
    public required decimal ChargeTotal { get; init; }

    /// <summary>Line total − allowances + charges (BT-109).</summary>
    public required decimal NetTotal { get; init; }

    /// <summary>By category, then rate (BG-23).</summary>
    public required IReadOnlyList<TaxGroup> TaxGroups { get; init; }

    /// <summary>Σ tax of the groups (BT-110).</summary>
    public required decimal TaxTotal { get; init; }

    /// <summary>Net + tax (BT-112).</summary>
    public required decimal GrossTotal { get; init; }

    /// <summary>BT-113.</summary>
    public required decimal Prepaid { get; init; }

    /// <summary>Gross − prepaid (BT-115).</summary>
    public required decimal Due { get; init; }

    /// <summary>Calculates the totals.</summary>
    /// <returns>
    /// The totals, or a refusal of the spread discount: <c>negative-weight</c> with the line's index, when a line is
    /// negative, <c>weights-zero</c> when all are zero, <c>amount-precision</c>.
    /// </returns>
    public static Outcome<InvoiceTotals> Of(InvoiceAmounts amounts)
    {
        ArgumentNullException.ThrowIfNull(amounts);
        var nets = amounts.Lines.Select(line => line.Net(amounts.Currency)).ToArray();
        return amounts.SpreadDiscount == 0
            ? Sum(amounts, nets, [])
            : MoneySplit.ByWeights(amounts.SpreadDiscount, amounts.Currency, nets)
                .Then<InvoiceTotals>(shares => Sum(amounts, nets, shares));
    }

    private static InvoiceTotals Sum(InvoiceAmounts amounts, decimal[] nets, decimal[] discountShares)
    {
        var currency = amounts.Currency;
        var lineTotal = nets.Sum();
        var allowanceTotal = amounts.Allowances.Sum(a => currency.Round(a.Amount)) + discountShares.Sum();
        var chargeTotal = amounts.Charges.Sum(charge => currency.Round(charge.Amount));
        var groups = Groups(amounts, nets, discountShares);
        var netTotal = lineTotal - allowanceTotal + chargeTotal;
        var taxTotal = groups.Sum(group => group.Tax);
        return new InvoiceTotals
        {
            LineNets = nets,
            DiscountShares = discountShares,
            LineTotal = lineTotal,
            AllowanceTotal = allowanceTotal,
            ChargeTotal = chargeTotal,
            NetTotal = netTotal,
            TaxGroups = groups,
            TaxTotal = taxTotal,
            GrossTotal = netTotal + taxTotal,
            Prepaid = amounts.Prepaid,
            Due = netTotal + taxTotal - amounts.Prepaid,
        };
    }

    private static List<TaxGroup> Groups(InvoiceAmounts amounts, decimal[] nets, decimal[] discountShares)
    {
        var currency = amounts.Currency;
        var lines = amounts.Lines.Select((line, i) => (line.Category, line.Rate, Base: nets[i]));
        var shares = discountShares.Select((share, i) =>
            (amounts.Lines[i].Category, amounts.Lines[i].Rate, Base: -share));
        var allowances = amounts.Allowances.Select(a => (a.Category, a.Rate, Base: -currency.Round(a.Amount)));
        var charges = amounts.Charges.Select(c => (c.Category, c.Rate, Base: currency.Round(c.Amount)));
        return
        [
            .. lines.Concat(shares).Concat(allowances).Concat(charges)
                .GroupBy(part => (part.Category, part.Rate), part => part.Base)
                .OrderBy(group => group.Key.Category.ToString(), StringComparer.Ordinal)
                .ThenBy(group => group.Key.Rate)
                .Select(group => TaxGroup.Of(group.Key.Category, group.Key.Rate, group.Sum(), currency)),
        ];
    }
}

/// <summary>The tax of one category and rate (BG-23).</summary>
/// <param name="Category">BT-118.</param>
/// <param name="Rate">In percent, BT-119.</param>
/// <param name="Base">What is taxed, BT-116.</param>
/// <param name="Tax">BT-117.</param>
public sealed record TaxGroup(TaxCategory Category, decimal Rate, decimal Base, decimal Tax)
{
    private static readonly Rational Percent = new(1, 100);

    internal static TaxGroup Of(TaxCategory category, decimal rate, decimal taxBase, Currency currency) =>
        new(category, rate, taxBase, TaxOf(taxBase, rate, currency));

    /// <summary>round(base × rate ÷ 100).</summary>
    internal static decimal TaxOf(decimal taxBase, decimal rate, Currency currency) =>
        (Rational.From(taxBase) * Rational.From(rate) * Percent).Round(currency.Exponent);
}
