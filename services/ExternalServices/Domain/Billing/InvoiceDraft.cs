using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Billing;

/// <summary>An invoice before it has a number: lines and totals.</summary>
public sealed record InvoiceDraft
{
    public required Currency Currency { get; init; }

    public required IReadOnlyList<InvoiceLine> Lines { get; init; }

    public required InvoiceTotals Totals { get; init; }

    /// <summary>
    /// Bills due charges of one customer, of one or several contracts, in one currency and tax treatment; then what is
    /// missing to due commitments, towards which lines of the same contract and period count.
    /// </summary>
    /// <returns>The draft, or the refusal of a charge with a pointer to its index.</returns>
    public static Outcome<InvoiceDraft> Of(
        Currency currency,
        IReadOnlyList<DueCharge> dueCharges,
        TaxTreatment tax,
        IReadOnlyList<DueCommitment>? dueCommitments = null)
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

            lines.Add(InvoiceLine.Of(lines.Count + 1, due, rated.Value, tax, currency));
        }

        foreach (var due in dueCommitments ?? [])
        {
            if (due.TrueUpLine(lines, tax, currency) is { } line)
            {
                lines.Add(line);
            }
        }

        var amounts = new InvoiceAmounts { Currency = currency, Lines = lines.ConvertAll(line => line.Amounts) };
        return InvoiceTotals.Of(amounts).Then<InvoiceDraft>(totals =>
            new InvoiceDraft { Currency = currency, Lines = lines, Totals = totals });
    }
}
