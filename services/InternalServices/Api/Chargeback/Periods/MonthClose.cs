using InternalServices.Api.Chargeback.Runs;
using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Periods;

/// <summary>
/// The close of a month as far as it can go now. Each step may run again: what has been done stays, and what the other
/// side may have missed is told it again.
/// </summary>
public sealed class MonthClose(Outbox outbox, RunPosting posting, ProviderOptions provider)
{
    private const string Subject = "month-close";

    /// <summary>Asks the external side to finalize the month's usage.</summary>
    public async Task Announce(Transaction transaction, Period month) =>
        await outbox.Add(transaction, new CostPeriodClosing
        {
            EventId = Guid.CreateVersion7(transaction.Now),
            OccurredAt = transaction.Now,
            AggregateId = $"{month}",
            AggregateVersion = await PeriodRows.NextVersion(transaction, month),
            Period = $"{month}",
            Month = $"{month}",
        });

    /// <summary>
    /// Goes on from where the month is: announces, allocates and posts, or tells the unit costs again.
    /// </summary>
    /// <param name="transaction">Holds the month's row.</param>
    /// <param name="period">Is closing.</param>
    internal async Task GoOn(Transaction transaction, PeriodRow period)
    {
        var posted = await RunRows.LoadPosted(transaction, period.Month);
        if (!await transaction.Scalar<bool>(SelectFinal, new { period.Month }))
        {
            await Announce(transaction, period.Month);
        }
        else if (posted is not null && posted.PostedAt >= period.ClosingSince)
        {
            await TellAgain(transaction, posted);
        }
        else
        {
            await Allocate(transaction, period.Month, posted);
        }
    }

    /// <summary>Both sides agree: the month is closed.</summary>
    public async Task End(Transaction transaction, Run run)
    {
        await PeriodRows.End(transaction, run.Month);
        await outbox.Add(transaction, new CostPeriodClosed
        {
            EventId = Guid.CreateVersion7(transaction.Now),
            OccurredAt = transaction.Now,
            AggregateId = $"{run.Month}",
            AggregateVersion = await PeriodRows.NextVersion(transaction, run.Month),
            Period = $"{run.Month}",
            RunId = run.Id,
            Month = $"{run.Month}",
            ExternalShare = run.ExternalShare.Rounded().Amount,
            Currency = run.ExternalShare.Currency.Code,
        });
    }

    private async Task TellAgain(Transaction transaction, Run posted)
    {
        await PeriodRows.Unblock(transaction, posted.Month);
        await outbox.Add(transaction, await UnitCosts.Of(transaction, posted.Id));
    }

    /// <summary>
    /// A month that cannot be allocated stays closing and says why. The run of a month that was opened again stands
    /// when its inputs do; otherwise it is undone and the new one posted, at once.
    /// </summary>
    private async Task Allocate(Transaction transaction, Period month, Run? earlier)
    {
        var calculation = await RunCalculation.Run(transaction, month, ruleSet: null, provider.Currency, Subject);
        if (calculation.Refusal is { } refusal)
        {
            await PeriodRows.Block(transaction, month, refusal);
            return;
        }

        if (calculation.Value.Id == earlier?.Id)
        {
            await TellAgain(transaction, earlier);
            return;
        }

        if (earlier is not null)
        {
            await RunReversal.Reverse(transaction, earlier.Id, "The month was opened again.", Subject);
        }

        await PeriodRows.Unblock(transaction, month);
        await posting.Post(transaction, calculation.Value.Id, calculation.Value.Allocation, Subject);
    }

    private const string SelectFinal =
        "select exists (select from chargeback.external_usage_finalizations where month = @Month)";
}
