using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Billing;

/// <summary>What is owed of a finalized invoice, and how it came to that.</summary>
public sealed record Receivable
{
    public required InvoiceState State { get; init; }

    public required decimal Gross { get; init; }

    /// <summary>Σ fees for reminders.</summary>
    public decimal Fees { get; init; }

    /// <summary>Σ customer's money used for it.</summary>
    public decimal Paid { get; init; }

    /// <summary>Σ credit notes, as far as they lowered what was owed.</summary>
    public decimal Credited { get; init; }

    /// <summary>What was thought lost when it was marked uncollectible.</summary>
    public decimal WrittenOff { get; init; }

    public bool IsDisputed { get; init; }

    /// <summary>What is still owed.</summary>
    public decimal Due => State is InvoiceState.Draft or InvoiceState.Cancelled ? 0 : Gross + Fees - Paid - Credited;

    /// <summary>Uses money of the customer.</summary>
    /// <returns>The receivable, or <c>invoice-state</c>, <c>not-positive</c>, <c>exceeds-due</c>.</returns>
    public Outcome<Receivable> Allocate(decimal amount)
    {
        if (InvoiceStates.After(State, InvoiceAction.Allocate).Refusal is { } refusal) return refusal;
        if (amount <= 0) return Refusal.Rejected("not-positive", $"{amount} is not above zero.");
        return amount > Due
            ? Refusal.Rejected("exceeds-due", $"Of the invoice {Due} is owed, {amount} would be used.")
            : (this with { Paid = Paid + amount }).Settled();
    }

    /// <summary>Gives back money that was used; an invoice written off before is lost again.</summary>
    public Receivable Release(decimal amount) => this with
    {
        Paid = Paid - amount,
        State = State switch
        {
            InvoiceState.Paid => WrittenOff > 0 ? InvoiceState.Uncollectible : InvoiceState.Open,
            _ => State,
        },
    };

    /// <summary>After a credit note; one that leaves nothing of an open invoice cancels it.</summary>
    public Receivable Credit(CreditedInvoice credited)
    {
        ArgumentNullException.ThrowIfNull(credited);
        var lowered = this with { Credited = Credited + credited.Note.Total - credited.Note.Excess };
        return credited.Invoice.Remaining == 0 && State == InvoiceState.Open
            ? lowered with { State = InvoiceState.Cancelled, IsDisputed = false }
            : lowered.Settled();
    }

    /// <summary>Gives up on the money.</summary>
    public Outcome<Receivable> WriteOff() =>
        InvoiceStates.After(State, InvoiceAction.MarkUncollectible)
            .Then<Receivable>(state => this with { State = state, WrittenOff = Due });

    /// <summary>Charges a reminder.</summary>
    public Receivable Charge(decimal fee) => this with { Fees = Fees + fee };

    /// <summary>Takes fees back of which nothing was paid.</summary>
    /// <returns>The receivable without fees, or <c>fees-paid</c>.</returns>
    public Outcome<Receivable> WaiveFees() => Fees <= Due
        ? this with { Fees = 0 }
        : Refusal.Rejected("fees-paid", $"Of the fees, {Fees - Due} is paid: credit the lines instead of cancelling.");

    public Outcome<Receivable> Dispute() =>
        InvoiceStates.After(State, InvoiceAction.Dispute).Then<Receivable>(state => this with { IsDisputed = true });

    /// <summary>Nothing is owed any more, and money or credits did it.</summary>
    private Receivable Settled() =>
        Due == 0 && State is (InvoiceState.Open or InvoiceState.Uncollectible)
            ? this with { State = InvoiceState.Paid, IsDisputed = false }
            : this;
}
