using ServiceMesh.Primitives;

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

    /// <summary>Why a document may not be issued, or null when it may.</summary>
    /// <remarks>
    /// A currency with more than two decimals has no e-invoice at all (BR-DEC): its documents are issued without.
    /// </remarks>
    public static Refusal? Refuse(EInvoice invoice)
    {
        ArgumentNullException.ThrowIfNull(invoice);
        if (invoice.Currency.Exponent > TotalRules.Decimals) return null;
        var violations = Check(invoice);
        return violations.Count == 0
            ? null
            : Refusal.Rejected("e-invoice-rule", $"{violations[0].Rule}: {violations[0].Detail}") with
            {
                Fields =
                [
                    .. violations.Select(broken => new FieldRefusal(broken.Pointer, broken.Rule, broken.Detail)),
                ],
            };
    }

    /// <summary>Why a document cannot be given as an e-invoice, or null when it can.</summary>
    public static Refusal? RefuseForm(EInvoice invoice)
    {
        ArgumentNullException.ThrowIfNull(invoice);
        return invoice.Currency.Exponent > TotalRules.Decimals
            ? Refusal.Rejected(
                "e-invoice-decimals",
                $"EN 16931 takes two decimals (BR-DEC); {invoice.Currency} has {invoice.Currency.Exponent}.")
            : Refuse(invoice);
    }
}

/// <summary>A broken rule.</summary>
/// <param name="Rule">Its name in the standard, for example <c>BR-CO-10</c>.</param>
/// <param name="Pointer">JSON pointer into the document.</param>
/// <param name="Detail">What is there and what should be.</param>
public sealed record RuleViolation(string Rule, string Pointer, string Detail);
