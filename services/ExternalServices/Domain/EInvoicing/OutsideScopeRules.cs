using ExternalServices.Domain.Tax;

namespace ExternalServices.Domain.EInvoicing;

/// <summary>BR-O-11 to BR-O-14: what is outside the scope of VAT does not mix with anything else.</summary>
internal static class OutsideScopeRules
{
    public static IEnumerable<RuleViolation> Check(EInvoice invoice)
    {
        if (invoice.TaxGroups.All(group => group.Category != TaxCategory.O))
        {
            return [];
        }

        return
        [
            .. Others("BR-O-11", "/taxGroups", invoice.TaxGroups.Select(group => group.Category)),
            .. Others("BR-O-12", "/lines", invoice.Lines.Select(line => line.Category)),
            .. Others("BR-O-13", "/allowances", invoice.Allowances.Select(allowance => allowance.Category)),
            .. Others("BR-O-14", "/charges", invoice.Charges.Select(charge => charge.Category)),
        ];
    }

    private static IEnumerable<RuleViolation> Others(
        string rule, string pointer, IEnumerable<TaxCategory> categories) =>
        categories
            .Select((category, i) => (category, i))
            .Where(entry => entry.category != TaxCategory.O)
            .Select(entry => new RuleViolation(
                rule, $"{pointer}/{entry.i}", $"Category {entry.category} stands beside category O."));
}
