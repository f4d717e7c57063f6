using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Disputes;

/// <summary>The life of a dispute.</summary>
public enum DisputeState
{
    /// <summary>The department has opened it.</summary>
    Open,

    /// <summary>The provider looks into it.</summary>
    UnderReview,

    /// <summary>Everything that was claimed is borne by another department.</summary>
    Accepted,

    /// <summary>Part of what was claimed is borne by another department.</summary>
    PartiallyAccepted,

    /// <summary>The line stays as it is.</summary>
    Rejected,

    /// <summary>The department has given it up, or its statement was reversed.</summary>
    Withdrawn,
}

/// <summary>What moves a dispute from one state to another.</summary>
public enum DisputeAction
{
    /// <summary>The provider takes it up.</summary>
    Review,

    /// <summary>Grants all or part of the claim.</summary>
    Accept,

    /// <summary>Grants nothing.</summary>
    Reject,

    /// <summary>The department gives it up.</summary>
    Withdraw,
}

/// <summary>Which actions a dispute allows in which state.</summary>
public static class DisputeStates
{
    private static readonly (DisputeState From, DisputeAction Action, DisputeState To)[] Transitions =
    [
        (DisputeState.Open, DisputeAction.Review, DisputeState.UnderReview),
        (DisputeState.Open, DisputeAction.Withdraw, DisputeState.Withdrawn),
        (DisputeState.UnderReview, DisputeAction.Accept, DisputeState.Accepted),
        (DisputeState.UnderReview, DisputeAction.Reject, DisputeState.Rejected),
        (DisputeState.UnderReview, DisputeAction.Withdraw, DisputeState.Withdrawn),
    ];

    /// <returns>
    /// The state after the action (accepted where the whole claim is granted), or the conflict <c>dispute-state</c>
    /// with what is allowed.
    /// </returns>
    public static Outcome<DisputeState> After(DisputeState state, DisputeAction action)
    {
        foreach (var transition in Transitions)
        {
            if (transition.From == state && transition.Action == action) return transition.To;
        }

        return Refusal.Conflict(
            "dispute-state",
            $"A dispute that is {NameOf(state)} does not allow to {NameOf(action)} it.",
            NameOf(state),
            [.. Allowed(state).Select(NameOf)]);
    }

    public static IEnumerable<DisputeAction> Allowed(DisputeState state) =>
        Transitions.Where(transition => transition.From == state).Select(transition => transition.Action);

    /// <summary>The name of a state in the API.</summary>
    public static string NameOf(DisputeState state) => state switch
    {
        DisputeState.Open => "open",
        DisputeState.UnderReview => "underReview",
        DisputeState.Accepted => "accepted",
        DisputeState.PartiallyAccepted => "partiallyAccepted",
        DisputeState.Rejected => "rejected",
        DisputeState.Withdrawn => "withdrawn",
    };

    /// <summary>The name of an action in the API.</summary>
    public static string NameOf(DisputeAction action) => action switch
    {
        DisputeAction.Review => "review",
        DisputeAction.Accept => "accept",
        DisputeAction.Reject => "reject",
        DisputeAction.Withdraw => "withdraw",
    };
}
