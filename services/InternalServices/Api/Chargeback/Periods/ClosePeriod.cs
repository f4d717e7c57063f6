using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Periods;

/// <summary>Starts the close of a month, or takes it up again where it stands.</summary>
public static class ClosePeriod
{
    public static Task<IResult> Handle(
        Period month, Once once, ProviderOptions provider, MonthClose close, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Close(transaction, month, provider.TimeZone, close),
            period => Answer.Accepted($"/internal/v1/periods/{month}", period) with { Version = period.Version },
            cancellationToken);

    private static async Task<Outcome<CostPeriod>> Close(
        Transaction transaction, Period month, TimeZoneInfo zone, MonthClose close)
    {
        if (transaction.Now < month.End(zone))
        {
            return Refusal.Rejected("period-not-ended", $"{month} has not ended in {zone.Id}.");
        }

        await OpenMonths.Stop(transaction);
        var period = await PeriodRows.Lock(transaction, month);
        switch (period.State)
        {
            case PeriodState.Closed:
                return Refusal.Conflict("period-closed", $"{month} is closed.", period.State.Spelled(), "reopen");

            case PeriodState.Open or PeriodState.Reopened:
                if (await Earlier(transaction, month) is { } earlier) return earlier;
                await PeriodRows.Begin(transaction, month);
                await close.Announce(transaction, month);
                break;

            case PeriodState.Closing:
                await close.GoOn(transaction, period);
                break;
        }

        return await PeriodView.Load(transaction, month);
    }

    /// <summary>
    /// Months close in order: what comes late for one lands in the next, which must still be open then.
    /// </summary>
    private static async Task<Refusal?> Earlier(Transaction transaction, Period month) =>
        await transaction.SingleOrDefault<PeriodRow>(SelectEarlier, new { Month = month }) is { } earlier
            ? Refusal.Conflict(
                "earlier-period-not-closed",
                $"{earlier.Month} has costs and is {earlier.State.Spelled()}; months close in order.",
                earlier.State.Spelled())
            : null;

    private const string SelectEarlier = """
        select month, state, closing_since
        from chargeback.periods
        where month < @Month and state <> 'closed'
            and exists (select from chargeback.cost_entries entry where entry.month = periods.month)
        order by month
        limit 1
        """;
}
