using ServiceMesh.Primitives;

namespace ExternalServices.Domain.EInvoicing;

/// <summary>BR-CO-10 to BR-CO-18: totals are the sums that they claim to be.</summary>
internal static class TotalRules
{
    /// <summary>Amounts of the standard have at most two decimals, whatever the currency.</summary>
    internal const int Decimals = 2;

    public static IEnumerable<RuleViolation> Check(EInvoice invoice)
    {
        var i = invoice;
        var violations = new[]
        {
            Differs("BR-CO-10", "/lineTotal", i.LineTotal, i.Lines.Sum(line => line.Net)),
            Differs("BR-CO-11", "/allowanceTotal", i.AllowanceTotal, i.Allowances.Sum(allowance => allowance.Amount)),
            Differs("BR-CO-12", "/chargeTotal", i.ChargeTotal, i.Charges.Sum(charge => charge.Amount)),
            Differs(
                "BR-CO-13", "/netTotal", i.NetTotal, i.Lines.Sum(line => line.Net) - i.AllowanceTotal + i.ChargeTotal),
            Differs("BR-CO-14", "/taxTotal", i.TaxTotal, i.TaxGroups.Sum(group => group.Tax)),
            Differs("BR-CO-15", "/grossTotal", i.GrossTotal, i.NetTotal + i.TaxTotal),
            Differs("BR-CO-16", "/due", i.Due, i.GrossTotal - i.Prepaid + i.Rounding),
            i.TaxGroups.Count == 0 ? new RuleViolation("BR-CO-18", "/taxGroups", "There is no VAT breakdown.") : null,
        };
        var groups = i.TaxGroups.Select((group, at) =>
            Differs("BR-CO-17", $"/taxGroups/{at}/tax", group.Tax, TaxOf(group, i.Currency)));
        return violations.Concat(groups).OfType<RuleViolation>();
    }

    /// <summary>
    /// Base × rate ÷ 100 at two decimals, or at those of a currency that has fewer; 0 without a rate.
    /// </summary>
    internal static decimal TaxOf(EInvoiceTaxGroup group, Currency currency) =>
        (Rational.From(group.Base) * Rational.From(group.Rate ?? 0) * new Rational(1, 100))
            .Round(Math.Min(Decimals, currency.Exponent));

    internal static RuleViolation? Differs(string rule, string pointer, decimal stated, decimal expected) =>
        stated == expected ? null : new RuleViolation(rule, pointer, $"{stated} is stated, {expected} follows.");
}
