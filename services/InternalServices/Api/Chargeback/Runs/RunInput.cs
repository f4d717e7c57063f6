using InternalServices.Api.Chargeback.RuleSets;
using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Runs;

/// <summary>Everything that a run of a month is calculated from, as it stands now.</summary>
/// <param name="Input">What the allocation takes.</param>
/// <param name="RuleSet">Version of the rule set.</param>
/// <param name="ExternalUsageFinal">Whether the external side has finalized the month's usage.</param>
internal sealed record RunInput(AllocationInput Input, long RuleSet, bool ExternalUsageFinal)
{
    /// <param name="transaction">Reads it.</param>
    /// <param name="month">Whose costs and usage.</param>
    /// <param name="version">Of the rule set; the latest when there is none.</param>
    /// <param name="currency">Of the books.</param>
    public static async Task<Outcome<RunInput>> Load(
        Transaction transaction, Period month, long? version, Currency currency)
    {
        if (await RuleSetRows.Load(transaction, version) is not { } ruleSet)
        {
            return Refusal.Rejected("rule-set-not-found", "There is no such rule set, and a run needs one.", "/ruleSet");
        }

        var external = await transaction.Query<UsageSum>(SelectExternalUsage, new { Month = month });
        var internals = await transaction.Query<UsageSum>(SelectUsage, new { Month = month, Exact.Limit });
        var usage = internals
            .Concat(external.Where(sum => sum.Quantity > 0))
            .ToLookup(sum => sum.Service, sum => sum.ToDriver(), StringComparer.Ordinal);
        var entries = await transaction.Query<EntrySum>(SelectEntries, new { Month = month, Exact.Limit });
        var departments = await transaction.Query<string>(SelectDepartments);
        var final = await transaction.Scalar<bool>(SelectFinal, new { Month = month });
        return Pools(entries, ruleSet, usage).Then<RunInput>(pools => new RunInput(
            new AllocationInput
            {
                Period = month,
                Currency = currency,
                Method = ruleSet.Method,
                Departments = departments,
                Pools = pools,
                ExternalUsage = external.ToDictionary(sum => sum.Service, sum => sum.Quantity, StringComparer.Ordinal),
            },
            ruleSet.Version,
            final));
    }

    /// <summary>The pools with cost; one that has cost to share and no rule is refused.</summary>
    private static Outcome<List<CostPool>> Pools(
        IEnumerable<EntrySum> entries, RuleSet ruleSet, ILookup<string, DriverQuantity> usage)
    {
        var rules = ruleSet.Rules.ToDictionary(rule => rule.Pool, StringComparer.Ordinal);
        var pools = new List<CostPool>();
        var ruleless = new List<string>();
        foreach (var pool in entries.GroupBy(entry => (entry.Pool, entry.PoolService)))
        {
            var rule = rules.GetValueOrDefault(pool.Key.Pool);
            if (rule is null && pool.Any(entry => entry.Assignee == Assignee.Shared)) ruleless.Add(pool.Key.Pool);
            pools.Add(new CostPool
            {
                Code = pool.Key.Pool,
                Service = pool.Key.PoolService,
                Entries = [.. pool.Select(entry => new CostEntry(entry.Assignee, entry.Amount, entry.Rows))],
                Drivers = rule is null ? [] : [.. Drivers(rule.Driver, usage)],
                Rule = rule is null ? new PoolRule() : new PoolRule { Driver = KindOf(rule.Driver), WhenZero = rule.WhenZero },
            });
        }

        return ruleless.Count == 0
            ? pools
            : Refusal.Rejected(
                "rule-missing",
                $"The rule set {ruleSet.Version} says nothing about {string.Join(", ", ruleless)}, where cost is to be shared.",
                $"/pools/{ruleless[0]}");
    }

    private static IEnumerable<DriverQuantity> Drivers(RuleSet.Driver driver, ILookup<string, DriverQuantity> usage) =>
        driver.Service is { } service
            ? usage[service]
            : driver.Consumers.Select(consumer =>
                new DriverQuantity(Consumer.Department(consumer.Department), consumer.Percent ?? 1));

    private static DriverKind KindOf(RuleSet.Driver driver) => driver.Kind switch
    {
        RuleSets.RuleSet.Kind.Usage => DriverKind.Usage,
        RuleSets.RuleSet.Kind.Even => DriverKind.Even,
        RuleSets.RuleSet.Kind.FixedPercent => DriverKind.FixedPercent,
    };

    private sealed record UsageSum
    {
        public required string Service { get; init; }

        public required string Department { get; init; }

        public required decimal Quantity { get; init; }

        public DriverQuantity ToDriver() => new(Consumer.Department(Department), Quantity);
    }

    private sealed record EntrySum
    {
        public required string Pool { get; init; }

        public string? PoolService { get; init; }

        public string? Department { get; init; }

        public string? Customer { get; init; }

        public required decimal Amount { get; init; }

        public required long Rows { get; init; }

        public Assignee Assignee =>
            Department is not null ? Assignee.Department(Department)
            : Customer is not null ? Assignee.Customer(Customer)
            : Assignee.Shared;
    }

    private const string SelectExternalUsage = """
        select service_code as service, 'EXTERNAL-BUSINESS' as department, trim_scale(quantity) as quantity
        from chargeback.external_usage
        where month = @Month
        """;

    // A sum that leaves the range is cut off there: the allocation refuses the limit itself.
    private const string SelectUsage = """
        select service_code as service, department_code as department, trim_scale(least(sum(quantity), @Limit)) as quantity
        from chargeback.usage
        where month = @Month
        group by service_code, department_code
        """;

    private const string SelectEntries = """
        select entry.pool_code as pool, pool.service_code as pool_service, entry.department_code as department,
            entry.customer_code as customer, sum(entry.rows)::bigint as rows,
            trim_scale(greatest(least(sum(entry.amount), @Limit), -@Limit)) as amount
        from chargeback.cost_entries entry
        join chargeback.cost_pools pool on pool.code = entry.pool_code
        where entry.month = @Month
        group by entry.pool_code, pool.service_code, entry.department_code, entry.customer_code
        """;

    private const string SelectDepartments = "select code from organisation.departments";

    private const string SelectFinal =
        "select exists (select from chargeback.external_usage_finalizations where month = @Month)";
}
