using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;

namespace InternalServices.Api.Chargeback.RuleSets;

/// <summary>Rule sets as they are stored.</summary>
internal static class RuleSetRows
{
    /// <summary>This version, or the latest; null when there is none.</summary>
    public static async Task<RuleSet?> Load(Transaction transaction, long? version)
    {
        if (await transaction.SingleOrDefault<HeadRow>(SelectHead, new { Version = version }) is not { } head)
        {
            return null;
        }

        var rules = await transaction.Query<RuleRow>(SelectRules, new { head.Version });
        var consumers = (await transaction.Query<ConsumerRow>(SelectConsumers, new { head.Version }))
            .ToLookup(row => row.PoolCode, row => row.ToConsumer(), StringComparer.Ordinal);
        return new RuleSet
        {
            Version = head.Version,
            Method = head.Method,
            Rules = [.. rules.Select(rule => rule.ToRule([.. consumers[rule.PoolCode]]))],
            CreatedAt = head.CreatedAt,
            CreatedBy = head.CreatedBy,
        };
    }

    public static async Task Save(Transaction transaction, RuleSet ruleSet)
    {
        await transaction.Execute(
            InsertHead, new { ruleSet.Version, ruleSet.Method, ruleSet.CreatedAt, ruleSet.CreatedBy });
        await transaction.Execute(
            InsertRules,
            new
            {
                ruleSet.Version,
                Pools = ruleSet.Rules.Select(rule => rule.Pool).ToArray(),
                Drivers = ruleSet.Rules.Select(rule => rule.Driver.Kind).ToArray(),
                Services = ruleSet.Rules.Select(rule => rule.Driver.Service).ToArray(),
                Statistics = ruleSet.Rules.Select(rule => rule.Driver.Statistic).ToArray(),
                WhenZeros = ruleSet.Rules.Select(rule => rule.WhenZero).ToArray(),
                Steps = ruleSet.Rules.Select(rule => rule.Order).ToArray(),
                Capacities = ruleSet.Rules.Select(rule => rule.Capacity?.Practical).ToArray(),
                Owners = ruleSet.Rules.Select(rule => rule.Capacity?.Owner).ToArray(),
            });
        var consumers = ruleSet.Rules
            .SelectMany(rule => rule.Driver.Consumers.Select((consumer, index) =>
                (rule.Pool, index, Consumer: consumer)))
            .ToArray();
        await transaction.Execute(
            InsertConsumers,
            new
            {
                ruleSet.Version,
                Pools = Array.ConvertAll(consumers, row => row.Pool),
                Positions = Array.ConvertAll(consumers, row => row.index),
                Departments = Array.ConvertAll(consumers, row => row.Consumer.Department),
                ConsumerPools = Array.ConvertAll(consumers, row => row.Consumer.Pool),
                Quantities = Array.ConvertAll(consumers, row => row.Consumer.Quantity),
            });
    }

    private sealed record HeadRow
    {
        public required long Version { get; init; }

        public required AllocationMethod Method { get; init; }

        public required DateTimeOffset CreatedAt { get; init; }

        public required string CreatedBy { get; init; }
    }

    private sealed record RuleRow
    {
        public required string PoolCode { get; init; }

        public required DriverKind Driver { get; init; }

        public string? ServiceCode { get; init; }

        public string? Statistic { get; init; }

        public required WhenZero WhenZero { get; init; }

        public required int Step { get; init; }

        public decimal? Capacity { get; init; }

        public string? CapacityOwner { get; init; }

        public RuleSet.Rule ToRule(IReadOnlyList<RuleSet.Consumer> consumers) => new()
        {
            Pool = PoolCode,
            Driver = new RuleSet.Driver
            {
                Kind = Driver,
                Service = ServiceCode,
                Statistic = Statistic,
                Consumers = consumers,
            },
            WhenZero = WhenZero,
            Order = Step,
            Capacity = Capacity is { } practical
                ? new RuleSet.PracticalCapacity { Practical = Exact.Trimmed(practical), Owner = CapacityOwner! }
                : null,
        };
    }

    private sealed record ConsumerRow
    {
        public required string PoolCode { get; init; }

        public string? DepartmentCode { get; init; }

        public string? ConsumerPoolCode { get; init; }

        public decimal? Quantity { get; init; }

        public RuleSet.Consumer ToConsumer() => new()
        {
            Department = DepartmentCode,
            Pool = ConsumerPoolCode,
            Quantity = Quantity is { } quantity ? Exact.Trimmed(quantity) : null,
        };
    }

    private const string SelectHead = """
        select version, method, created_at, created_by
        from chargeback.rule_sets
        where version = coalesce(@Version::bigint, (select max(version) from chargeback.rule_sets))
        """;

    private const string SelectRules = """
        select pool_code, driver, service_code, statistic, when_zero, step, capacity, capacity_owner
        from chargeback.pool_rules
        where rule_set_version = @Version
        order by pool_code
        """;

    private const string SelectConsumers = """
        select pool_code, department_code, consumer_pool_code, quantity
        from chargeback.pool_rule_consumers
        where rule_set_version = @Version
        order by pool_code, position
        """;

    private const string InsertHead = """
        insert into chargeback.rule_sets (version, method, created_at, created_by)
        values (@Version, @Method, @CreatedAt, @CreatedBy)
        """;

    private const string InsertRules = """
        insert into chargeback.pool_rules (
            rule_set_version, pool_code, driver, service_code, statistic, when_zero, step, capacity, capacity_owner)
        select @Version, pool, driver, service, statistic, when_zero, step, capacity, owner
        from unnest(@Pools, @Drivers, @Services, @Statistics, @WhenZeros, @Steps, @Capacities, @Owners)
            as rule (pool, driver, service, statistic, when_zero, step, capacity, owner)
        """;

    private const string InsertConsumers = """
        insert into chargeback.pool_rule_consumers (
            rule_set_version, pool_code, position, department_code, consumer_pool_code, quantity)
        select @Version, pool, position, department, consumer_pool, quantity
        from unnest(@Pools, @Positions, @Departments, @ConsumerPools, @Quantities)
            as consumer (pool, position, department, consumer_pool, quantity)
        """;
}
