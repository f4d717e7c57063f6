using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Periods;

/// <summary>Opens the latest closed month again, so that costs can be added before it is closed again.</summary>
public static class ReopenPeriod
{
    /// <summary>The role of those who may.</summary>
    public const string Role = "controller";

    public sealed record Request
    {
        /// <summary>Why; it stands on the month.</summary>
        public required string Reason { get; init; }
    }

    public static Task<IResult> Handle(
        Period month, Request body, Once once, Caller caller, Outbox outbox, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Reopen(transaction, month, body.Reason, caller.Subject, outbox),
            period => Answer.Ok(period) with { Version = period.Version },
            cancellationToken);

    private static async Task<Outcome<CostPeriod>> Reopen(
        Transaction transaction, Period month, string reason, string subject, Outbox outbox)
    {
        if (new Fields().Text("/reason", reason).Refusal is { } refusal) return refusal;

        await OpenMonths.Stop(transaction);
        var period = await PeriodRows.Lock(transaction, month);
        if (period.State != PeriodState.Closed)
        {
            return Refusal.Conflict(
                "period-not-closed", $"{month} is {period.State.Spelled()}.", period.State.Spelled(), "close");
        }

        if (await transaction.SingleOrDefault<PeriodRow>(SelectLater, new { Month = month }) is { } later)
        {
            return Refusal.Conflict(
                "later-period-closed",
                $"{later.Month} is {later.State.Spelled()}; only the latest closed month can be opened again.",
                period.State.Spelled());
        }

        await PeriodRows.Reopen(transaction, month, reason, subject);
        await outbox.Add(transaction, new CostPeriodReopened
        {
            EventId = Guid.CreateVersion7(transaction.Now),
            OccurredAt = transaction.Now,
            AggregateId = $"{month}",
            AggregateVersion = await PeriodRows.NextVersion(transaction, month),
            Period = $"{month}",
            Month = $"{month}",
            Reason = reason,
        });
        return await PeriodView.Load(transaction, month);
    }

    private const string SelectLater = """
        select month, state, closing_since
        from chargeback.periods
        where month > @Month and state in ('closing', 'closed')
        order by month
        limit 1
        """;
}
