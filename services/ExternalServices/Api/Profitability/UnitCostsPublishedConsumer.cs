using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Profitability;

/// <summary>
/// Reckons the month's profitability from a posted allocation run and tells the internal side the cost it came to. A
/// month that cannot be reckoned yet says why, and is tried again when the unit costs are told again.
/// </summary>
internal sealed class UnitCostsPublishedConsumer(MonthReckoning reckoning, Outbox outbox)
    : IStateConsumer<UnitCostsPublished>
{
    public async Task Apply(Transaction transaction, UnitCostsPublished state)
    {
        var month = Period.Parse(state.Month);
        var reckoned = await reckoning.Reckon(transaction, month, state);
        if (reckoned.Refusal is { } refusal)
        {
            await MonthWriter.Block(transaction, month, refusal);
            return;
        }

        await MonthWriter.Write(transaction, month, state, reckoned.Value);
        await outbox.Add(transaction, new ProfitabilityCalculated
        {
            EventId = Guid.CreateVersion7(transaction.Now),
            OccurredAt = transaction.Now,
            AggregateId = state.Month,
            AggregateVersion = state.AggregateVersion,
            Period = state.Month,
            RunId = state.RunId,
            Month = state.Month,
            Currency = state.Currency,
            Revenue = reckoned.Value.Result.Revenue,
            Cost = reckoned.Value.Result.Cost,
        });
    }
}
