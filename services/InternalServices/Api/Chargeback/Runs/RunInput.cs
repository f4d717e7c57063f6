using InternalServices.Api.Chargeback.Costs;
using InternalServices.Api.Chargeback.RateCards;
using InternalServices.Api.Chargeback.RuleSets;
using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Runs;

/// <summary>Everything that a run of a month is calculated from, as it stands now.</summary>
/// <param name="Input">What the allocation takes.</param>
/// <param name="Costs">What the pools' costs are made of.</param>
/// <param name="RuleSet">Version of the rule set.</param>
/// <param name="ExternalUsageFinal">Whether the external side has finalized the month's usage.</param>
internal sealed record RunInput(
    AllocationInput Input, IReadOnlyList<CostSum> Costs, long RuleSet, bool ExternalUsageFinal)
{
    /// <param name="transaction">Reads it.</param>
    /// <param name="month">Whose costs and usage.</param>
    /// <param name="version">Of the rule set; the latest when there is none.</param>
    /// <param name="currency">Of the books.</param>
    public static async Task<Outcome<RunInput>> Load(
        Transaction transaction, Period month, long? version, Currency currency) =>
        await RuleSetRows.Load(transaction, version) is { } ruleSet
            ? await Load(transaction, month, ruleSet, currency)
            : Refusal.Rejected("rule-set-not-found", "There is no such rule set, and a run needs one.", "/ruleSet");

    /// <summary>Like the other, by rules that need not be stored.</summary>
    public static async Task<Outcome<RunInput>> Load(
        Transaction transaction, Period month, RuleSet ruleSet, Currency currency)
    {
        var external = await transaction.Query<UsageSum>(SelectExternalUsage, new { Month = month });
        var internals = await transaction.Query<UsageSum>(SelectUsage, new { Month = month, Exact.Limit });
        var usage = internals.Concat(external.Where(sum => sum.Quantity > 0));
        var costs = await transaction.Query<CostSum>(SelectCosts, new { Month = month, Exact.Limit });
        var services = await transaction.Query<PoolService>(SelectPools);
        var statistics = await transaction.Query<StatisticValue>(SelectStatistics, new { Month = month });
        var departments = await transaction.Query<string>(SelectDepartments);
        var prices = new RunPrices(
            await transaction.Query<PricedService>(SelectPriced), await RateCardRows.LoadValid(transaction, month));
        var final = await transaction.Scalar<bool>(SelectFinal, new { Month = month });
        var pools = new RunPools(ruleSet, costs, services, usage, statistics, prices).Build();
        return pools.Then<RunInput>(built => new RunInput(
            new AllocationInput
            {
                Period = month,
                Currency = currency,
                Method = ruleSet.Method,
                Departments = departments,
                Pools = built,
                ExternalUsage = external.ToDictionary(sum => sum.Service, sum => sum.Quantity, StringComparer.Ordinal),
            },
            costs,
            ruleSet.Version,
            final));
    }

    private const string SelectExternalUsage = """
        select service_code as service, 'EXTERNAL-BUSINESS' as department, trim_scale(quantity) as quantity
        from chargeback.external_usage
        where month = @Month
        """;

    // A sum that leaves the range is cut off there: the allocation refuses the limit itself.
    private const string SelectUsage = """
        select service_code as service, department_code as department,
            trim_scale(least(sum(quantity), @Limit)) as quantity
        from chargeback.usage
        where month = @Month
        group by service_code, department_code
        """;

    // What was taken back leaves no trace in a run.
    private const string SelectCosts = """
        select pool_code as pool, origin_month, kind, department_code as department, customer_code as customer,
            sum(rows)::bigint as rows, trim_scale(greatest(least(sum(amount), @Limit), -@Limit)) as amount
        from chargeback.cost_entries
        where month = @Month
        group by pool_code, origin_month, kind, department_code, customer_code
        having sum(rows) <> 0 or sum(amount) <> 0
        order by pool_code, origin_month, kind, department_code nulls first, customer_code nulls first
        """;

    private const string SelectPools = "select code as pool, service_code as service from chargeback.cost_pools";

    private const string SelectStatistics = """
        select code as statistic, department_code as department, trim_scale(quantity) as quantity
        from chargeback.statistics
        where month = @Month
        """;

    private const string SelectPriced = """
        select code as service, owner_department as owner from organisation.services where pricing = 'rateCard'
        """;

    private const string SelectDepartments = "select code from organisation.departments";

    private const string SelectFinal =
        "select exists (select from chargeback.external_usage_finalizations where month = @Month)";
}

/// <summary>A department's use of a service in the month, or that of all external customers.</summary>
internal sealed record UsageSum
{
    public required string Service { get; init; }

    public required string Department { get; init; }

    public required decimal Quantity { get; init; }

    public DriverQuantity ToDriver() => new(Consumer.Department(Department), Quantity);
}

/// <summary>What is counted of a department in the month.</summary>
internal sealed record StatisticValue
{
    public required string Statistic { get; init; }

    public required string Department { get; init; }

    public required decimal Quantity { get; init; }

    public DriverQuantity ToDriver() => new(Consumer.Department(Department), Quantity);
}

/// <summary>The month's cost in a pool of one origin and kind, by who bears it.</summary>
internal sealed record CostSum
{
    public required string Pool { get; init; }

    public required Period OriginMonth { get; init; }

    public required EntryKind Kind { get; init; }

    public string? Department { get; init; }

    public string? Customer { get; init; }

    public required decimal Amount { get; init; }

    public required long Rows { get; init; }

    public Assignee Assignee =>
        Department is not null ? Assignee.Department(Department)
        : Customer is not null ? Assignee.Customer(Customer)
        : Assignee.Shared;
}

/// <summary>Which service a pool is of.</summary>
internal sealed record PoolService
{
    public required string Pool { get; init; }

    public string? Service { get; init; }
}
