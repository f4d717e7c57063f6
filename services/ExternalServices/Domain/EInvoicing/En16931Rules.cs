namespace ExternalServices.Domain.EInvoicing;

/// <summary>
/// Business rules of EN 16931-1 on amounts and tax: BR-CO-10 to 18, BR-DEC, and the families of VAT categories. A
/// document is checked before it gets its number.
/// </summary>
public static class En16931Rules
{
    /// <summary>Everything in which the document breaks a rule; empty when it may be issued.</summary>
    public static IReadOnlyList<RuleViolation> Check(EInvoice invoice)
    {
        ArgumentNullException.ThrowIfNull(invoice);
        return
        [
            .. TotalRules.Check(invoice),
            .. DecimalRules.Check(invoice),
            .. CategoryFamily.All.SelectMany(family => family.Check(invoice)),
            .. OutsideScopeRules.Check(invoice),
        ];
    }
}

/// <summary>A broken rule.</summary>
/// <param name="Rule">Its name in the standard, for example <c>BR-CO-10</c>.</param>
/// <param name="Pointer">JSON pointer into the document.</param>
/// <param name="Detail">What is there and what should be.</param>
public sealed record RuleViolation(string Rule, string Pointer, string Detail);
