using InternalServices.Api.Chargeback.Costs;
using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Statements;

/// <summary>
/// Explains a line to whom it belongs: the line is read as the caller, what stands behind it as the provider.
/// </summary>
public static class ExplainStatementLine
{
    public static async Task<IResult> Handle(
        Guid id, Caller caller, Database database, CancellationToken cancellationToken)
    {
        var line = await database.Read(
            caller.Tenant,
            transaction => transaction.SingleOrDefault<LineRow>(SelectLine, new { Id = id }),
            cancellationToken);
        return line is null
            ? Problem.Of(Refusal.NotFound("statement-line", $"{id}"))
            : Answer.Ok(
                await database.Read(Tenant.Provider, transaction => Explain(transaction, line), cancellationToken));
    }

    private static async Task<Explanation> Explain(Transaction transaction, LineRow line)
    {
        if (line.DisputeId is { } dispute) return await DisputedLine.Explain(transaction, line, dispute);

        var key = new { line.RunId, line.PoolCode, line.DepartmentCode };
        var pool = await transaction.Single<PoolRow>(SelectPool, key);
        var costs = await transaction.Query<CostRow>(SelectCosts, key);
        var flows = await transaction.Query<Explanation.FlowPart>(SelectFlows, key);
        var receivers = await transaction.Query<string>(SelectReceivers, key);
        var cutOff = line.Amount - line.RoundingUnits * line.Currency.MinorUnit;
        var explanation = new Explanation
        {
            LineId = line.Id,
            StatementId = line.StatementId,
            Month = line.Month,
            Department = line.DepartmentCode,
            Kind = line.Kind,
            Amount = new Money(line.Amount, line.Currency),
            Pool = pool.ToPart(line, costs),
            Dispute = null,
            Driver = line.Kind == LineKind.Direct || pool.Driver is null ? null : pool.ToDriver(line),
            RateCard = line.Kind is LineKind.RateCard or LineKind.TrueUp or LineKind.CarryForward or LineKind.Absorbed
                ? pool.RateCard
                : null,
            Rounding = new Explanation.RoundingPart
            {
                Exact = line.Exact,
                CutOff = new Money(cutOff, line.Currency),
                Units = line.RoundingUnits,
                ReceivedBy = receivers,
            },
            Flows = line.Kind == LineKind.Direct ? [] : flows,
            Sentences = [],
        };
        return explanation with { Sentences = ExplanationText.Of(explanation) };
    }

    internal sealed record LineRow
    {
        public required Guid Id { get; init; }

        public required Guid StatementId { get; init; }

        public required Guid RunId { get; init; }

        public required Period Month { get; init; }

        public required Currency Currency { get; init; }

        public required string DepartmentCode { get; init; }

        public required LineKind Kind { get; init; }

        public required string PoolCode { get; init; }

        public required string PoolName { get; init; }

        public required decimal Amount { get; init; }

        public required decimal Exact { get; init; }

        public required int RoundingUnits { get; init; }

        public required decimal Quantity { get; init; }

        public required decimal TotalQuantity { get; init; }

        public required decimal Share { get; init; }

        public Guid? DisputeId { get; init; }
    }

    private sealed record PoolRow
    {
        public required AllocationMethod Method { get; init; }

        public required decimal Exact { get; init; }

        public required decimal Amount { get; init; }

        public required int RoundingUnits { get; init; }

        public required decimal Shared { get; init; }

        public DriverKind? Driver { get; init; }

        public string? DriverService { get; init; }

        public string? DriverStatistic { get; init; }

        public long? RateCard { get; init; }

        public Explanation.PoolPart ToPart(LineRow line, IReadOnlyList<CostRow> costs) => new()
        {
            Code = line.PoolCode,
            Name = line.PoolName,
            Costs = [.. costs.Select(cost => cost.ToPart(line.Currency))],
            Exact = ExactMoney.Of(Exact, line.Currency),
            Amount = new Money(Amount, line.Currency),
            RoundingUnits = RoundingUnits,
            Shared = new Money(Shared, line.Currency),
        };

        public Explanation.DriverPart ToDriver(LineRow line) => new()
        {
            Kind = Driver!.Value,
            Service = DriverService,
            Statistic = DriverStatistic,
            Method = Method,
            Quantity = line.Quantity,
            TotalQuantity = line.TotalQuantity,
            Share = line.Share,
        };
    }

    private sealed record CostRow
    {
        public required Period OriginMonth { get; init; }

        public required EntryKind Kind { get; init; }

        public required AssigneeKind Bearer { get; init; }

        public required long Rows { get; init; }

        public required decimal Amount { get; init; }

        public Explanation.CostPart ToPart(Currency currency) => new()
        {
            OriginMonth = OriginMonth,
            Kind = Kind,
            Bearer = Bearer,
            Rows = Rows,
            Amount = ExactMoney.Of(Amount, currency),
        };
    }

    private const string SelectLine = """
        select line.id, line.statement_id, statement.run_id, statement.month, statement.currency,
            line.department_code, line.kind, line.pool_code, line.pool_name, line.amount,
            trim_scale(line.exact) as exact, line.rounding_units,
            trim_scale(line.quantity) as quantity, trim_scale(line.total_quantity) as total_quantity,
            trim_scale(line.share) as share, line.dispute_id
        from chargeback.statement_lines line
        join chargeback.statements statement on statement.id = line.statement_id
        where line.id = @Id
        """;

    private const string SelectPool = """
        select run.method, pool.exact, pool.amount, pool.rounding_units, pool.shared, rule.driver,
            rule.service_code as driver_service, rule.statistic as driver_statistic,
            (select card.version
                from chargeback.rate_cards card
                where card.service_code = pool.service_code
                    and run.month >= card.valid_from
                    and (card.valid_to is null or run.month < card.valid_to)) as rate_card
        from chargeback.run_pools pool
        join chargeback.runs run on run.id = pool.run_id
        left join chargeback.pool_rules rule
            on rule.rule_set_version = run.rule_set_version and rule.pool_code = pool.pool_code
        where pool.run_id = @RunId and pool.pool_code = @PoolCode
        """;

    private const string SelectCosts = """
        select origin_month, kind, bearer, sum(rows)::bigint as rows, sum(amount) as amount
        from (
            select origin_month, kind, rows, amount,
                case when department_code is not null then 'department' when customer_code is not null then 'customer'
                    else 'shared' end as bearer
            from chargeback.run_costs
            where run_id = @RunId and pool_code = @PoolCode) as cost
        group by origin_month, kind, bearer
        order by origin_month, kind, bearer
        """;

    // The pool, and every pool that it feeds, each with what it gave to further pools and to this department.
    private const string SelectFlows = """
        with recursive passed as (
            select @PoolCode::text collate "C" as pool_code
            union
            select flow.consumer_pool_code
            from passed join chargeback.run_flows flow on flow.run_id = @RunId and flow.pool_code = passed.pool_code
            where flow.consumer_pool_code is not null
        )
        select flow.pool_code as pool, coalesce(flow.department_code, flow.consumer_pool_code) as consumer,
            case when flow.department_code is null then 'pool' else 'department' end as consumer_kind,
            trim_scale(flow.quantity) as quantity, trim_scale(flow.total_quantity) as total_quantity
        from chargeback.run_flows flow
        join passed on passed.pool_code = flow.pool_code
        where flow.run_id = @RunId and (flow.department_code is null or flow.department_code = @DepartmentCode)
        order by flow.position
        """;

    private const string SelectReceivers = """
        select distinct department_code
        from chargeback.run_lines
        where run_id = @RunId and pool_code = @PoolCode and rounding_units <> 0
        order by department_code
        """;
}
