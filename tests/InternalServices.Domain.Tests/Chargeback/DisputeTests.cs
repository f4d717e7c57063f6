using CsCheck;
using InternalServices.Domain.Chargeback.Disputes;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Primitives;

namespace InternalServices.Domain.Tests.Chargeback;

public sealed class DisputeTests
{
    private static readonly Dictionary<DisputeState, Dictionary<DisputeAction, DisputeState>> Life = new()
    {
        [DisputeState.Open] = new()
        {
            [DisputeAction.Review] = DisputeState.UnderReview,
            [DisputeAction.Withdraw] = DisputeState.Withdrawn,
        },
        [DisputeState.UnderReview] = new()
        {
            [DisputeAction.Accept] = DisputeState.Accepted,
            [DisputeAction.Reject] = DisputeState.Rejected,
            [DisputeAction.Withdraw] = DisputeState.Withdrawn,
        },
        [DisputeState.Accepted] = [],
        [DisputeState.PartiallyAccepted] = [],
        [DisputeState.Rejected] = [],
        [DisputeState.Withdrawn] = [],
    };

    public static MatrixTheoryData<DisputeState, DisputeAction> Everything =>
        new(Enum.GetValues<DisputeState>(), Enum.GetValues<DisputeAction>());

    [Theory]
    [MemberData(nameof(Everything))]
    public void An_action_is_allowed_or_refused_with_what_is(DisputeState state, DisputeAction action)
    {
        var outcome = DisputeStates.After(state, action);

        if (Life[state].TryGetValue(action, out var next))
        {
            Assert.Equal(next, outcome.Value);
            return;
        }

        Assert.Equal((RefusalKind.Conflict, "dispute-state"), (outcome.Refusal?.Kind, outcome.Refusal?.Code));
        Assert.Equal(DisputeStates.NameOf(state), outcome.Refusal?.State);
        Assert.Equal(Life[state].Keys.Select(DisputeStates.NameOf), outcome.Refusal?.Allowed);
    }

    [Theory]
    [InlineData("100.00", null, "100.00")]
    [InlineData("100.00", "0.01", "0.01")]
    [InlineData("100.00", "100.00", "100.00")]
    public void A_claim_is_all_of_a_line_or_a_part(string charged, string? claimed, string amount) =>
        Assert.Equal(Amount(amount), DisputeClaim.Of(Amount(charged), claimed is null ? null : Amount(claimed)).Value);

    [Theory]
    [InlineData("0.00", null, "nothing-to-dispute")]
    [InlineData("-5.00", "1.00", "nothing-to-dispute")]
    [InlineData("100.00", "100.01", "claim-out-of-range")]
    [InlineData("100.00", "0.00", "claim-out-of-range")]
    [InlineData("100.00", "-1.00", "claim-out-of-range")]
    public void A_claim_is_never_more_than_what_was_charged(string charged, string? claimed, string code) =>
        Assert.Equal(code, DisputeClaim.Of(Amount(charged), claimed is null ? null : Amount(claimed)).Refusal?.Code);

    [Theory]
    [InlineData("B", "10.01", "granted-out-of-range")]
    [InlineData("B", "0.00", "granted-out-of-range")]
    [InlineData("A", "5.00", "counterparty-same")]
    [InlineData("EXTERNAL-BUSINESS", "5.00", "counterparty-external")]
    public void A_grant_keeps_within_the_claim_and_the_organisation(string counterparty, string granted, string code) =>
        Assert.Equal(code, DisputeCredit.Grant("A", counterparty, 10m, Amount(granted)).Refusal?.Code);

    [Fact]
    public void A_grant_moves_cost_and_never_makes_or_loses_any() =>
        Gen.Select(Gen.Int[1, 1_000_000], Gen.Int[1, 1_000_000]).Sample((one, other) =>
        {
            var (claimed, granted) = (Math.Max(one, other) / 100m, Math.Min(one, other) / 100m);
            var credit = DisputeCredit.Grant("A", "B", claimed, granted).Value;

            Assert.Equal(0, credit.Postings.Sum(posting => posting.Amount));
            Assert.Equal(
                [(JournalAccount.Department, "A", -granted), (JournalAccount.Department, "B", granted)],
                credit.Postings.Select(posting => (posting.Account, posting.Code, posting.Amount)));
            Assert.Equal(
                one == other ? DisputeState.Accepted : DisputeState.PartiallyAccepted, credit.StateFor(claimed));
        });

    private static decimal Amount(string text) =>
        decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
