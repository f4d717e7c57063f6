using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Profitability;

/// <summary>Both sides agree: the month is closed here, too.</summary>
public sealed class CostPeriodClosedConsumer : IChangeConsumer<CostPeriodClosed>
{
    public Task Apply(Transaction transaction, CostPeriodClosed change) => transaction.Execute(
        Close, new { Month = Period.Parse(change.Month), change.RunId, change.OccurredAt });

    private const string Close = """
        update profitability.months
        set closed_at = @OccurredAt
        where month = @Month and run = @RunId
        """;
}
