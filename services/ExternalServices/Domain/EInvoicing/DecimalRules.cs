namespace ExternalServices.Domain.EInvoicing;

/// <summary>BR-DEC: amounts have at most two decimals.</summary>
internal static class DecimalRules
{
    public static IEnumerable<RuleViolation> Check(EInvoice invoice) =>
        from amount in Totals(invoice).Concat(Parts(invoice))
        where decimal.Round(amount.Value, TotalRules.Decimals, MidpointRounding.ToZero) != amount.Value
        select new RuleViolation(
            amount.Rule, amount.Pointer, $"{amount.Value} has more than {TotalRules.Decimals} decimals.");

    private static IEnumerable<(string Rule, string Pointer, decimal Value)> Totals(EInvoice invoice) =>
    [
        ("BR-DEC-09", "/lineTotal", invoice.LineTotal),
        ("BR-DEC-10", "/allowanceTotal", invoice.AllowanceTotal),
        ("BR-DEC-11", "/chargeTotal", invoice.ChargeTotal),
        ("BR-DEC-12", "/netTotal", invoice.NetTotal),
        ("BR-DEC-13", "/taxTotal", invoice.TaxTotal),
        ("BR-DEC-14", "/grossTotal", invoice.GrossTotal),
        ("BR-DEC-16", "/prepaid", invoice.Prepaid),
        ("BR-DEC-17", "/rounding", invoice.Rounding),
        ("BR-DEC-18", "/due", invoice.Due),
    ];

    private static IEnumerable<(string Rule, string Pointer, decimal Value)> Parts(EInvoice invoice) =>
    [
        .. invoice.Allowances.Select((allowance, i) => ("BR-DEC-01", $"/allowances/{i}", allowance.Amount)),
        .. invoice.Charges.Select((charge, i) => ("BR-DEC-05", $"/charges/{i}", charge.Amount)),
        .. invoice.TaxGroups.Select((group, i) => ("BR-DEC-19", $"/taxGroups/{i}/base", group.Base)),
        .. invoice.TaxGroups.Select((group, i) => ("BR-DEC-20", $"/taxGroups/{i}/tax", group.Tax)),
        .. invoice.Lines.Select((line, i) => ("BR-DEC-23", $"/lines/{i}/net", line.Net)),
        .. invoice.Lines.SelectMany((line, i) =>
            line.Allowances.Select((amount, j) => ("BR-DEC-24", $"/lines/{i}/allowances/{j}", amount))),
        .. invoice.Lines.SelectMany((line, i) =>
            line.Charges.Select((amount, j) => ("BR-DEC-27", $"/lines/{i}/charges/{j}", amount))),
    ];
}
