using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Profitability;

/// <summary>A month that nobody has closed yet is open, whatever month it is.</summary>
public static class GetCostMonth
{
    public static async Task<IResult> Handle(Period month, Database database, CancellationToken cancellationToken) =>
        Answer.Ok(await database.Read(
            Tenant.Provider,
            transaction => transaction.Single<CostMonth>(Select, new { Month = month }),
            cancellationToken));

    private const string Select = """
        select wanted.month,
            case
                when reckoned.closed_at is not null then 'closed'
                when reckoned.reopened_at > reckoned.calculated_at then 'reopened'
                when reckoned.month is not null then 'calculated'
                when frozen.month is not null then 'frozen'
                else 'open'
            end as state,
            frozen.frozen_at, frozen.rows as usage_events, reckoned.run, reckoned.calculated_at, reckoned.closed_at,
            reckoned.reopened_at, reckoned.reopening_reason, blocked.code as blocked_by,
            blocked.detail as blocked_detail
        from (values (@Month)) as wanted (month)
        left join usage.frozen_months frozen on frozen.month = wanted.month
        left join profitability.months reckoned on reckoned.month = wanted.month
        left join profitability.blocked_months blocked on blocked.month = wanted.month
        """;
}
