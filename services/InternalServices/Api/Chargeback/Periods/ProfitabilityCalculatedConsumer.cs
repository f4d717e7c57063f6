using InternalServices.Api.Chargeback.Runs;
using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Periods;

/// <summary>
/// The external side has reckoned with a run: the month is closed when its cost is the run's external share.
/// </summary>
public sealed class ProfitabilityCalculatedConsumer(MonthClose close) : IChangeConsumer<ProfitabilityCalculated>
{
    public async Task Apply(Transaction transaction, ProfitabilityCalculated change)
    {
        var month = Period.Parse(change.Month);
        var period = await PeriodRows.Lock(transaction, month);
        var posted = await RunRows.LoadPosted(transaction, month);
        if (period.State != PeriodState.Closing || posted?.Id != change.RunId) return;

        await transaction.Execute(
            UpsertReckoning,
            new { change.RunId, change.Cost, change.Revenue, change.Currency, change.EventId, change.OccurredAt });
        var share = posted.ExternalShare;
        if (change.Currency == share.Currency.Code && change.Cost == share.Amount)
        {
            await close.End(transaction, posted);
        }
        else
        {
            await PeriodRows.Block(transaction, month, Mismatch(share, change));
        }
    }

    private static Refusal Mismatch(Money share, ProfitabilityCalculated reckoned) => Refusal.Rejected(
        "reconciliation-mismatch",
        $"The run gives external customers {share}; the external side reckoned {reckoned.Cost} {reckoned.Currency}.");

    private const string UpsertReckoning = """
        insert into chargeback.external_reckonings (run_id, cost, revenue, currency, event_id, reckoned_at)
        values (@RunId, @Cost, @Revenue, @Currency, @EventId, @OccurredAt)
        on conflict (run_id) do update
        set cost = excluded.cost, revenue = excluded.revenue, currency = excluded.currency,
            event_id = excluded.event_id,
            reckoned_at = excluded.reckoned_at
        """;
}
