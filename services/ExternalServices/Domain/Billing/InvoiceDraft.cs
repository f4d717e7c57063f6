using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Billing;

/// <summary>An invoice before it has a number: lines and totals.</summary>
public sealed record InvoiceDraft
{
    public required Currency Currency { get; init; }

    public required IReadOnlyList<InvoiceLine> Lines { get; init; }

    public required InvoiceTotals Totals { get; init; }

    /// <summary>How the lines of a tax group are taxed.</summary>
    public TaxTreatment TreatmentOf(TaxGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return Lines.First(line => (line.Tax.Category, line.Tax.Rate) == (group.Category, group.Rate)).Tax;
    }

    /// <summary>
    /// Bills due charges of one customer, of one or several contracts, in one currency, each taxed by its
    /// class; then what late usage changes; then what is missing to due commitments, towards which lines of the same
    /// contract and period count.
    /// </summary>
    /// <returns>The draft, or the refusal of a charge with a pointer to its index.</returns>
    public static Outcome<InvoiceDraft> Of(
        Currency currency,
        IReadOnlyList<DueCharge> dueCharges,
        TaxTreatments tax,
        IReadOnlyList<DueCommitment>? dueCommitments = null,
        IReadOnlyList<LateCharge>? lateCharges = null)
    {
        ArgumentNullException.ThrowIfNull(dueCharges);
        ArgumentNullException.ThrowIfNull(tax);
        var lines = new List<InvoiceLine>(dueCharges.Count);
        foreach (var due in dueCharges)
        {
            var rated = due.Rate(currency);
            if (rated.IsRefused)
            {
                return rated.Refusal with { Pointer = $"/{lines.Count}{rated.Refusal.Pointer}" };
            }

            lines.Add(InvoiceLine.Of(lines.Count + 1, due, rated.Value, tax[due.Charge.TaxClass], currency));
        }

        if (AddLate(lines, lateCharges ?? [], tax, currency) is { } refusal) return refusal;
        foreach (var due in dueCommitments ?? [])
        {
            if (due.TrueUpLine(lines, tax[due.Commitment.TaxClass], currency) is { } line)
            {
                lines.Add(line);
            }
        }

        var amounts = new InvoiceAmounts { Currency = currency, Lines = lines.ConvertAll(line => line.Amounts) };
        return InvoiceTotals.Of(amounts).Then<InvoiceDraft>(totals =>
            new InvoiceDraft { Currency = currency, Lines = lines, Totals = totals });
    }

    /// <summary>What is added comes first, so that it carries what is taken off.</summary>
    private static Refusal? AddLate(
        List<InvoiceLine> lines, IReadOnlyList<LateCharge> lateCharges, TaxTreatments tax, Currency currency)
    {
        var taken = new List<LateCharge>();
        foreach (var late in lateCharges)
        {
            var line = late.Line(lines.Count + 1, carried: 0, tax[late.Due.Charge.TaxClass], currency);
            if (line.IsRefused) return line.Refusal;
            if (line.Value is { } added) lines.Add(added);
            else taken.Add(late);
        }

        foreach (var late in taken)
        {
            var carried = decimal.Max(0, lines.Sum(line => line.Net));
            var treatment = tax[late.Due.Charge.TaxClass];
            if (late.Line(lines.Count + 1, carried, treatment, currency).Value is { } line) lines.Add(line);
        }

        return null;
    }
}
