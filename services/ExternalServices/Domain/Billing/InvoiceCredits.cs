using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Billing;

/// <summary>
/// An invoice and everything that credit notes have taken off it. Any split into notes credits at most the invoice, and
/// a split of the whole exactly the invoice, tax included.
/// </summary>
public sealed record InvoiceCredits
{
    private InvoiceCredits()
    {
    }

    public required Currency Currency { get; init; }

    public required IReadOnlyList<CreditableLine> Lines { get; init; }

    /// <summary>By category, then rate.</summary>
    public required IReadOnlyList<CreditedGroup> Groups { get; init; }

    /// <summary>Σ net of the lines + tax of the groups.</summary>
    public required decimal InvoiceTotal { get; init; }

    /// <summary>What the customer still owes.</summary>
    public required decimal Due { get; init; }

    public decimal InvoiceTax => Groups.Sum(group => group.Tax);

    public decimal CreditedTax => Groups.Sum(group => group.CreditedTax);

    /// <summary>Σ accepted notes, tax included.</summary>
    public decimal CreditedTotal => Lines.Sum(line => line.Credited) + CreditedTax;

    public decimal Remaining => decimal.Max(0, InvoiceTotal - CreditedTotal);

    /// <summary>A finalized invoice without credits yet.</summary>
    /// <param name="currency">Of the invoice.</param>
    /// <param name="lines">
    /// Each with its net after its share of document discounts; allowances and charges of the document as lines of
    /// their own.
    /// </param>
    /// <param name="paid">What was paid of it.</param>
    public static InvoiceCredits Of(Currency currency, IReadOnlyList<CreditableLine> lines, decimal paid)
    {
        var credits = Resume(currency, lines, due: 0);
        return credits with { Due = decimal.Max(0, credits.InvoiceTotal - paid) };
    }

    /// <summary>A finalized invoice from which notes may have taken something already.</summary>
    /// <param name="currency">Of the invoice.</param>
    /// <param name="lines">As for <see cref="Of"/>, each with what was credited of it.</param>
    /// <param name="due">What the customer still owes.</param>
    public static InvoiceCredits Resume(Currency currency, IReadOnlyList<CreditableLine> lines, decimal due)
    {
        var groups = lines
            .GroupBy(line => (line.Category, line.Rate))
            .OrderBy(group => group.Key.Category.ToString(), StringComparer.Ordinal)
            .ThenBy(group => group.Key.Rate)
            .Select(group =>
            {
                var net = group.Sum(line => line.Net);
                var (category, rate) = group.Key;
                var tax = TaxGroup.TaxOf(net, rate, currency);
                return new CreditedGroup(category, rate, net, tax, 0, 0).After([.. group], currency);
            })
            .ToList();
        return new InvoiceCredits
        {
            Currency = currency,
            Lines = lines,
            Groups = groups,
            InvoiceTotal = groups.Sum(group => group.Base + group.Tax),
            Due = due,
        };
    }

    /// <summary>Takes a credit note off the invoice. A refused note changes nothing.</summary>
    /// <returns>
    /// The note and the invoice after it, or <c>line-not-found</c>, <c>not-positive</c>, <c>amount-precision</c>,
    /// <c>exceeds-line</c>, <c>exceeds-tax-group</c> when negative lines of the group are not credited with it,
    /// <c>settlement-negative</c> or <c>excess-not-settled</c>.
    /// </returns>
    public Outcome<CreditedInvoice> Credit(CreditNoteRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return CheckLines(request) is { } refusal ? refusal : Apply(request.Lines, request.Settlement);
    }

    /// <summary>Takes off everything that is left, negative lines too: what cancels an invoice.</summary>
    /// <returns>The note and the invoice after it, <c>nothing-left</c>, or a refusal of the settlement.</returns>
    public Outcome<CreditedInvoice> CreditRest(CreditSettlement settlement)
    {
        ArgumentNullException.ThrowIfNull(settlement);
        var rest = Lines
            .Where(line => line.Net != line.Credited)
            .Select(line => new CreditedLine(line.Id, line.Net - line.Credited))
            .ToList();
        return rest.Count == 0
            ? Refusal.Rejected("nothing-left", "All of the invoice has been credited already.")
            : Apply(rest, settlement);
    }

    private Refusal? CheckLines(CreditNoteRequest request)
    {
        for (var i = 0; i < request.Lines.Count; i++)
        {
            var (id, amount) = request.Lines[i];
            var pointer = $"/lines/{i}";
            if (Lines.FirstOrDefault(line => line.Id == id) is not { } line)
            {
                return Refusal.Rejected("line-not-found", $"The invoice has no line '{id}'.", $"{pointer}/line");
            }

            if (amount <= 0)
            {
                return Refusal.Rejected("not-positive", $"{amount} is not above zero.", $"{pointer}/amount");
            }

            if (!Currency.IsWhole(amount))
            {
                return Refusal.Rejected(
                    "amount-precision", $"{amount} is finer than the minor unit of {Currency}.", $"{pointer}/amount");
            }

            var left = line.Net - line.Credited;
            if (request.Lines.Where(credited => credited.Line == id).Sum(credited => credited.Amount) > left)
            {
                return Refusal.Rejected(
                    "exceeds-line", $"Of line '{id}' {left} is left to credit.", $"{pointer}/amount");
            }
        }

        return null;
    }

    private Outcome<CreditedInvoice> Apply(IReadOnlyList<CreditedLine> credited, CreditSettlement settlement)
    {
        var lines = Lines.Select(line => line.Credit(credited)).ToList();
        var groups = Groups.Select(group => group.After(lines, Currency)).ToList();
        if (groups.Find(group => group.IsExceeded) is { } exceeded)
        {
            return Refusal.Rejected(
                "exceeds-tax-group",
                $"The lines of {exceeded.Category} {exceeded.Rate} % sum to {exceeded.Base}.",
                "/lines");
        }

        var net = credited.Sum(line => line.Amount);
        var taxes = groups
            .Zip(Groups, (after, before) => after.Since(before))
            .Where(group => group.Base != 0 || group.Tax != 0)
            .ToList();
        var tax = taxes.Sum(group => group.Tax);
        var dueAfter = decimal.Max(0, Due - net - tax);
        var excess = decimal.Max(0, net + tax - Due);
        var note = new CreditNote(credited, net, tax, taxes, dueAfter, excess, settlement);
        return settlement.Check(excess) is { } refusal
            ? refusal
            : new CreditedInvoice(note, this with { Lines = lines, Groups = groups, Due = dueAfter });
    }
}
