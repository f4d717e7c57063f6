using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Profitability;

/// <summary>Both sides agree: the month is closed here, too, unless it was opened again since.</summary>
public sealed class CostPeriodClosedConsumer : IChangeConsumer<CostPeriodClosed>
{
    public Task Apply(Transaction transaction, CostPeriodClosed change) => transaction.Execute(
        Close,
        new { Month = Period.Parse(change.Month), change.RunId, change.AggregateVersion, change.OccurredAt });

    private const string Close = """
        update profitability.months
        set closed_at = @OccurredAt, told_version = @AggregateVersion
        where month = @Month and run = @RunId and told_version < @AggregateVersion
        """;
}
