using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.EInvoicing;
using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing.Running;

/// <summary>What a contract's invoice will say.</summary>
/// <param name="Contract">With both sides of it.</param>
/// <param name="Invoice">Its lines and totals.</param>
/// <param name="TaxPoint">The day that decides on the tax rate.</param>
/// <param name="IsDebitNote">It bills late usage alone.</param>
internal sealed record ContractDraft(
    BilledContract Contract, InvoiceDraft Invoice, DateOnly TaxPoint, bool IsDebitNote = false);

/// <summary>Everything that a contract is to be billed for.</summary>
internal sealed record ContractDues
{
    /// <summary>What an amount column holds.</summary>
    private const decimal HighestAmount = 9_999_999_999_999_999m;

    public required BilledContract Contract { get; init; }

    public required IReadOnlyList<MeteredCharge> Charges { get; init; }

    public required IReadOnlyList<DueCommitment> Commitments { get; init; }

    public required IReadOnlyList<LateReading> Late { get; init; }

    /// <summary>The customer's.</summary>
    public required IReadOnlyList<TaxExemption> Exemptions { get; init; }

    public bool IsEmpty => Charges.Count == 0 && Commitments.Count == 0 && Late.Count == 0;

    /// <summary>
    /// Late usage is a line of the next invoice, which is one that is made for other reasons; the last one of a
    /// contract is made for it alone.
    /// </summary>
    /// <param name="month">That is billed.</param>
    /// <param name="rates">Of the seller's country.</param>
    /// <param name="now">When it is billed.</param>
    /// <returns>The invoices with anything to bill, or why there are none.</returns>
    public Outcome<IReadOnlyList<ContractDraft>> Draft(
        Period month, IReadOnlyList<TaxRate> rates, DateTimeOffset now)
    {
        if (Charges.FirstOrDefault(charge => charge.Refusal is not null)?.Refusal is { } unmeasured) return unmeasured;
        if (Late.FirstOrDefault(late => late.Refusal is not null)?.Refusal is { } unread) return unread;
        var taxPoint = Contract.TaxPoint(month, now);
        try
        {
            return TaxTreatments.Determine(Contract.TaxFacts(taxPoint, Exemptions), rates, TaxClasses)
                .Then(tax => Invoices(tax, taxPoint, Contract.IsOver(now)))
                .Then(invoices => Checked(invoices, Contract.IsOver(now)));
        }
        catch (OverflowException)
        {
            return AmountOutOfRange();
        }
    }

    private IEnumerable<TaxClass> TaxClasses =>
        Charges.Select(charge => charge.Due.Charge.TaxClass)
            .Concat(Commitments.Select(due => due.Commitment.TaxClass))
            .Concat(Late.Select(late => late.Charge.Due.Charge.TaxClass));

    private Outcome<List<ContractDraft>> Invoices(TaxTreatments tax, DateOnly taxPoint, bool isOver)
    {
        var late = Late.Select(each => each.Charge).ToList();
        var debits = Contract.LateUsage == LateUsagePolicy.DebitNote ? late.FindAll(IsDebit) : [];
        var drafts = new List<ContractDraft>();
        if (isOver || Charges.Count > 0 || Commitments.Any(due => due.IsOpen(Contract.Currency)))
        {
            var invoice = InvoiceDraft.Of(
                Contract.Currency,
                [.. Charges.Select(charge => charge.Due)],
                tax,
                Commitments,
                [.. late.Except(debits)]);
            if (invoice.Refusal is { } refusal) return refusal;
            drafts.Add(new ContractDraft(Contract, invoice.Value, taxPoint));
        }

        if (debits.Count > 0)
        {
            var note = InvoiceDraft.Of(Contract.Currency, [], tax, lateCharges: debits);
            if (note.Refusal is { } refusal) return refusal;
            drafts.Add(new ContractDraft(Contract, note.Value, taxPoint, IsDebitNote: true));
        }

        return drafts.FindAll(draft => draft.Invoice.Lines.Any(line => line.Net != 0));
    }

    private Outcome<IReadOnlyList<ContractDraft>> Checked(List<ContractDraft> drafts, bool isOver)
    {
        if (drafts.Exists(draft => IsOutOfRange(draft.Invoice))) return AmountOutOfRange();
        if (drafts.Find(draft => draft.Invoice.Totals.NetTotal < 0) is { } negative)
        {
            return CreditsExceedCharges(-negative.Invoice.Totals.NetTotal);
        }

        if (drafts.Select(draft => En16931Rules.Refuse(EInvoice.Of(draft.Invoice, Contract.TaxParties)))
            .FirstOrDefault(refusal => refusal is not null) is { } broken)
        {
            return broken;
        }

        // After the last invoice nothing is left that could carry them: somebody has to know.
        var credits = -Late.Sum(late => decimal.Min(0, late.Charge.Missing(Contract.Currency).Value));
        return isOver && drafts.Count == 0 && credits > 0 ? CreditsExceedCharges(credits) : drafts;
    }

    /// <summary>What cannot be rated says so on the invoice.</summary>
    private bool IsDebit(LateCharge late) =>
        late.Missing(Contract.Currency) is { IsRefused: false, Value: > 0 };

    private static bool IsOutOfRange(InvoiceDraft draft) =>
        draft.Lines.Any(line => decimal.Abs(line.Net) > HighestAmount)
        || decimal.Abs(draft.Totals.GrossTotal) > HighestAmount;

    private Refusal CreditsExceedCharges(decimal excess) => Refusal.Rejected(
        "credits-exceed-charges",
        $"Credits exceed what is charged by {excess} {Contract.Currency}: they wait for an invoice that carries them.");

    private static Refusal AmountOutOfRange() =>
        Refusal.Rejected("amount-out-of-range", $"An amount is beyond {HighestAmount}.");
}
