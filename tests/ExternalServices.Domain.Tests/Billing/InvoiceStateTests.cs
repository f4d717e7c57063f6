using ExternalServices.Domain.Billing;
using ServiceMesh.Primitives;
using static ExternalServices.Domain.Tests.Days;

namespace ExternalServices.Domain.Tests.Billing;

public sealed class InvoiceStateTests
{
    private static readonly Dictionary<InvoiceState, Dictionary<InvoiceAction, InvoiceState>> Life = new()
    {
        [InvoiceState.Draft] = new()
        {
            [InvoiceAction.Finalize] = InvoiceState.Open,
            [InvoiceAction.Delete] = InvoiceState.Deleted,
        },
        [InvoiceState.Open] = new()
        {
            [InvoiceAction.Allocate] = InvoiceState.Paid,
            [InvoiceAction.Credit] = InvoiceState.Open,
            [InvoiceAction.Cancel] = InvoiceState.Cancelled,
            [InvoiceAction.Dispute] = InvoiceState.Open,
            [InvoiceAction.MarkUncollectible] = InvoiceState.Uncollectible,
        },
        [InvoiceState.Uncollectible] = new() { [InvoiceAction.Allocate] = InvoiceState.Paid },
        [InvoiceState.Paid] = new()
        {
            [InvoiceAction.ReversePayment] = InvoiceState.Open,
            [InvoiceAction.Credit] = InvoiceState.Paid,
        },
        [InvoiceState.Deleted] = [],
        [InvoiceState.Cancelled] = [],
    };

    public static MatrixTheoryData<InvoiceState, InvoiceAction> Everything =>
        new(Enum.GetValues<InvoiceState>(), Enum.GetValues<InvoiceAction>());

    [Theory]
    [MemberData(nameof(Everything))]
    public void An_action_is_allowed_or_refused_with_what_is(InvoiceState state, InvoiceAction action)
    {
        var outcome = InvoiceStates.After(state, action);

        if (Life[state].TryGetValue(action, out var next))
        {
            Assert.Equal(next, outcome.Value);
            return;
        }

        Assert.Equal((RefusalKind.Conflict, "invoice-state"), (outcome.Refusal?.Kind, outcome.Refusal?.Code));
        Assert.Equal(InvoiceStates.NameOf(state), outcome.Refusal?.State);
        Assert.Equal(Life[state].Keys.Select(InvoiceStates.NameOf), outcome.Refusal?.Allowed);
    }

    [Fact]
    public void An_invoice_over_nothing_is_issued_as_paid() =>
        Assert.Equal(
            [InvoiceState.Paid, InvoiceState.Open], new[] { 0m, 0.01m }.Select(InvoiceStates.Issued));

    [Fact]
    public void A_refusal_says_what_may_be_done() =>
        Assert.Equal(
            "An invoice that is open allows allocate, credit, cancel, dispute, mark-uncollectible, not delete.",
            InvoiceStates.After(InvoiceState.Open, InvoiceAction.Delete).Refusal?.Detail);

    [Theory]
    [InlineData(InvoiceState.Open, 0, 10, "2026-11-30", false, false)]
    [InlineData(InvoiceState.Open, 0, 10, "2026-12-01", false, true)]
    [InlineData(InvoiceState.Open, 5, 5, "2026-11-30", true, false)]
    [InlineData(InvoiceState.Open, 5, 0, "2026-12-01", false, false)]
    [InlineData(InvoiceState.Uncollectible, 5, 5, "2026-12-01", false, false)]
    [InlineData(InvoiceState.Draft, 0, 10, "2026-12-01", false, false)]
    public void Partly_paid_and_overdue_follow_from_money_and_day(
        InvoiceState state, int paid, int due, string today, bool isPartiallyPaid, bool isOverdue) =>
        Assert.Equal(
            new InvoiceStanding(state, isPartiallyPaid, isOverdue),
            InvoiceStanding.On(state, paid, due, Day("2026-11-30"), Day(today)));
}
