using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Profitability;

/// <summary>
/// The internal side takes costs of a closed month again: what was reckoned of it stands until another run is told, and
/// is final no more. Customers' usage stays frozen, because invoices and recognised revenue stand on it: what came late
/// counts in a later month already.
/// </summary>
public sealed class CostPeriodReopenedConsumer : IChangeConsumer<CostPeriodReopened>
{
    public Task Apply(Transaction transaction, CostPeriodReopened change) => transaction.Execute(
        Reopen,
        new { Month = Period.Parse(change.Month), change.AggregateVersion, change.OccurredAt, change.Reason });

    private const string Reopen = """
        update profitability.months
        set closed_at = null, told_version = @AggregateVersion, reopened_at = @OccurredAt, reopening_reason = @Reason
        where month = @Month and told_version < @AggregateVersion
        """;
}
