using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Statements;

/// <summary>The life of a statement.</summary>
public enum StatementState
{
    /// <summary>The department has it.</summary>
    Issued,

    /// <summary>The department agrees, or has let the time pass.</summary>
    Acknowledged,

    /// <summary>The department does not agree with a line, and nobody has decided yet.</summary>
    Disputed,

    /// <summary>Every dispute about it was decided or withdrawn.</summary>
    Settled,

    /// <summary>Its run was undone; another statement takes its place.</summary>
    Reversed,
}

/// <summary>What a department can do with its statement.</summary>
public enum StatementAction
{
    /// <summary>Agrees with all of it.</summary>
    Acknowledge,

    /// <summary>Does not agree with a line; other lines can follow until all is settled.</summary>
    Dispute,
}

/// <summary>Which actions a statement allows in which state.</summary>
public static class StatementStates
{
    private static readonly (StatementState From, StatementAction Action, StatementState To)[] Transitions =
    [
        (StatementState.Issued, StatementAction.Acknowledge, StatementState.Acknowledged),
        (StatementState.Issued, StatementAction.Dispute, StatementState.Disputed),
        (StatementState.Disputed, StatementAction.Dispute, StatementState.Disputed),
    ];

    /// <returns>The state after the action, or the conflict <c>statement-state</c> with what is allowed.</returns>
    public static Outcome<StatementState> After(StatementState state, StatementAction action)
    {
        foreach (var transition in Transitions)
        {
            if (transition.From == state && transition.Action == action) return transition.To;
        }

        return Refusal.Conflict(
            "statement-state",
            $"A statement that is {NameOf(state)} does not allow to {NameOf(action)} it.",
            NameOf(state),
            [.. Allowed(state).Select(NameOf)]);
    }

    public static IEnumerable<StatementAction> Allowed(StatementState state) =>
        Transitions.Where(transition => transition.From == state).Select(transition => transition.Action);

    /// <summary>The name of a state in the API.</summary>
    public static string NameOf(StatementState state) => state switch
    {
        StatementState.Issued => "issued",
        StatementState.Acknowledged => "acknowledged",
        StatementState.Disputed => "disputed",
        StatementState.Settled => "settled",
        StatementState.Reversed => "reversed",
    };

    /// <summary>The name of an action in the API.</summary>
    public static string NameOf(StatementAction action) => action switch
    {
        StatementAction.Acknowledge => "acknowledge",
        StatementAction.Dispute => "dispute",
    };
}
