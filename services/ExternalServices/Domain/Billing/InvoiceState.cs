using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Billing;

/// <summary>The life of an invoice.</summary>
public enum InvoiceState
{
    /// <summary>May still change; has no number.</summary>
    Draft,

    /// <summary>Finalized and owed.</summary>
    Open,

    /// <summary>Nothing is owed any more because it was paid.</summary>
    Paid,

    /// <summary>A draft that was given up.</summary>
    Deleted,

    /// <summary>Taken back by a credit note over all of it.</summary>
    Cancelled,

    /// <summary>Written off; may still be paid.</summary>
    Uncollectible,
}

/// <summary>What moves an invoice from one state to another.</summary>
public enum InvoiceAction
{
    /// <summary>Gives it a number; from here on it never changes.</summary>
    Finalize,

    /// <summary>Gives a draft up.</summary>
    Delete,

    /// <summary>Uses money of the customer to settle it; paid once nothing is owed.</summary>
    Allocate,

    /// <summary>Takes back a payment that had covered it.</summary>
    ReversePayment,

    /// <summary>Takes some of it back; cancelled once nothing of it is left.</summary>
    Credit,

    /// <summary>Credits all that is left of it.</summary>
    Cancel,

    /// <summary>Says that the customer does not agree: no reminders until it is settled.</summary>
    Dispute,

    /// <summary>Writes it off.</summary>
    MarkUncollectible,
}

/// <summary>Which actions an invoice allows in which state.</summary>
public static class InvoiceStates
{
    private static readonly (InvoiceState From, InvoiceAction Action, InvoiceState To)[] Transitions =
    [
        (InvoiceState.Draft, InvoiceAction.Finalize, InvoiceState.Open),
        (InvoiceState.Draft, InvoiceAction.Delete, InvoiceState.Deleted),
        (InvoiceState.Open, InvoiceAction.Allocate, InvoiceState.Paid),
        (InvoiceState.Open, InvoiceAction.Credit, InvoiceState.Open),
        (InvoiceState.Open, InvoiceAction.Cancel, InvoiceState.Cancelled),
        (InvoiceState.Open, InvoiceAction.Dispute, InvoiceState.Open),
        (InvoiceState.Open, InvoiceAction.MarkUncollectible, InvoiceState.Uncollectible),
        (InvoiceState.Uncollectible, InvoiceAction.Allocate, InvoiceState.Paid),
        (InvoiceState.Paid, InvoiceAction.ReversePayment, InvoiceState.Open),
        (InvoiceState.Paid, InvoiceAction.Credit, InvoiceState.Paid),
    ];

    /// <summary>The state after an action.</summary>
    /// <returns>The state, or the conflict <c>invoice-state</c> with what is allowed instead.</returns>
    public static Outcome<InvoiceState> After(InvoiceState state, InvoiceAction action)
    {
        foreach (var transition in Transitions)
        {
            if (transition.From == state && transition.Action == action)
            {
                return transition.To;
            }
        }

        var allowed = Allowed(state).Select(NameOf).ToArray();
        var instead = allowed.Length == 0 ? "nothing" : string.Join(", ", allowed);
        return Refusal.Conflict(
            "invoice-state",
            $"An invoice that is {NameOf(state)} allows {instead}, not {NameOf(action)}.",
            NameOf(state),
            allowed);
    }

    /// <summary>How an invoice stands when it gets its number: one over nothing needs no payment.</summary>
    public static InvoiceState Issued(decimal gross) => gross == 0 ? InvoiceState.Paid : InvoiceState.Open;

    /// <summary>What is allowed in a state, in the order of the life of an invoice.</summary>
    public static IEnumerable<InvoiceAction> Allowed(InvoiceState state) =>
        Transitions.Where(transition => transition.From == state).Select(transition => transition.Action);

    /// <summary>The name of a state in the API.</summary>
    public static string NameOf(InvoiceState state) =>
        state switch
        {
            InvoiceState.Draft => "draft",
            InvoiceState.Open => "open",
            InvoiceState.Paid => "paid",
            InvoiceState.Deleted => "deleted",
            InvoiceState.Cancelled => "cancelled",
            InvoiceState.Uncollectible => "uncollectible",
        };

    /// <summary>The name of an action in the API.</summary>
    public static string NameOf(InvoiceAction action) =>
        action switch
        {
            InvoiceAction.Finalize => "finalize",
            InvoiceAction.Delete => "delete",
            InvoiceAction.Allocate => "allocate",
            InvoiceAction.ReversePayment => "reverse-payment",
            InvoiceAction.Credit => "credit",
            InvoiceAction.Cancel => "cancel",
            InvoiceAction.Dispute => "dispute",
            InvoiceAction.MarkUncollectible => "mark-uncollectible",
        };
}

/// <summary>How an invoice stands on a day; derived, never stored.</summary>
/// <param name="State">Its stored state.</param>
/// <param name="IsPartiallyPaid">Open, and something was paid.</param>
/// <param name="IsOverdue">Open, something is owed, and the due date has passed.</param>
public readonly record struct InvoiceStanding(InvoiceState State, bool IsPartiallyPaid, bool IsOverdue)
{
    /// <param name="state">The stored state.</param>
    /// <param name="paid">Σ payments allocated to it.</param>
    /// <param name="due">What is still owed.</param>
    /// <param name="dueDate">The last day on which paying is in time.</param>
    /// <param name="today">In the customer's zone.</param>
    public static InvoiceStanding On(InvoiceState state, decimal paid, decimal due, DateOnly dueDate, DateOnly today) =>
        new(
            state,
            IsPartiallyPaid: state == InvoiceState.Open && paid > 0 && due > 0,
            IsOverdue: state == InvoiceState.Open && due > 0 && today > dueDate);
}
