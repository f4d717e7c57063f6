using InternalServices.Domain.Chargeback.Statements;
using ServiceMesh.Primitives;

namespace InternalServices.Domain.Tests.Chargeback;

public sealed class StatementStateTests
{
    private static readonly Dictionary<StatementState, Dictionary<StatementAction, StatementState>> Life = new()
    {
        [StatementState.Issued] = new()
        {
            [StatementAction.Acknowledge] = StatementState.Acknowledged,
            [StatementAction.Dispute] = StatementState.Disputed,
        },
        [StatementState.Acknowledged] = [],
        [StatementState.Disputed] = new() { [StatementAction.Dispute] = StatementState.Disputed },
        [StatementState.Settled] = [],
        [StatementState.Reversed] = [],
    };

    public static MatrixTheoryData<StatementState, StatementAction> Everything =>
        new(Enum.GetValues<StatementState>(), Enum.GetValues<StatementAction>());

    [Theory]
    [MemberData(nameof(Everything))]
    public void An_action_is_allowed_or_refused_with_what_is(StatementState state, StatementAction action)
    {
        var outcome = StatementStates.After(state, action);

        if (Life[state].TryGetValue(action, out var next))
        {
            Assert.Equal(next, outcome.Value);
            return;
        }

        Assert.Equal((RefusalKind.Conflict, "statement-state"), (outcome.Refusal?.Kind, outcome.Refusal?.Code));
        Assert.Equal(StatementStates.NameOf(state), outcome.Refusal?.State);
        Assert.Equal(Life[state].Keys.Select(StatementStates.NameOf), outcome.Refusal?.Allowed);
    }
}
