using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;

namespace InternalServices.Api.Chargeback.RuleSets;

/// <summary>Rule sets as they are stored.</summary>
internal static class RuleSetRows
{
    /// <summary>This version, or the latest; null when there is none.</summary>
    public static async Task<RuleSet?> Load(Transaction transaction, long? version)
    {
        if (await transaction.SingleOrDefault<HeadRow>(SelectHead, new { Version = version }) is not { } head) return null;

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
                WhenZeros = ruleSet.Rules.Select(rule => rule.WhenZero).ToArray(),
            });
        var consumers = ruleSet.Rules
            .SelectMany(rule => rule.Driver.Consumers.Select(consumer => (rule.Pool, Consumer: consumer)))
            .ToArray();
        await transaction.Execute(
            InsertConsumers,
            new
            {
                ruleSet.Version,
                Pools = Array.ConvertAll(consumers, row => row.Pool),
                Departments = Array.ConvertAll(consumers, row => row.Consumer.Department),
                Percents = Array.ConvertAll(consumers, row => row.Consumer.Percent),
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

        public required RuleSet.Kind Driver { get; init; }

        public string? ServiceCode { get; init; }

        public required WhenZero WhenZero { get; init; }

        public RuleSet.Rule ToRule(IReadOnlyList<RuleSet.Consumer> consumers) => new()
        {
            Pool = PoolCode,
            Driver = new RuleSet.Driver { Kind = Driver, Service = ServiceCode, Consumers = consumers },
            WhenZero = WhenZero,
        };
    }

    private sealed record ConsumerRow
    {
        public required string PoolCode { get; init; }

        public required string DepartmentCode { get; init; }

        public decimal? Percent { get; init; }

        public RuleSet.Consumer ToConsumer() => new()
        {
            Department = DepartmentCode,
            Percent = Percent is { } percent ? Exact.Trimmed(percent) : null,
        };
    }

    private const string SelectHead = """
        select version, method, created_at, created_by
        from chargeback.rule_sets
        where version = coalesce(@Version::bigint, (select max(version) from chargeback.rule_sets))
        """;

    private const string SelectRules = """
        select pool_code, driver, service_code, when_zero
        from chargeback.pool_rules
        where rule_set_version = @Version
        order by pool_code
        """;

    private const string SelectConsumers = """
        select pool_code, department_code, percent
        from chargeback.pool_rule_consumers
        where rule_set_version = @Version
        order by pool_code, department_code
        """;

    private const string InsertHead = """
        insert into chargeback.rule_sets (version, method, created_at, created_by)
        values (@Version, @Method, @CreatedAt, @CreatedBy)
        """;

    private const string InsertRules = """
        insert into chargeback.pool_rules (rule_set_version, pool_code, driver, service_code, when_zero)
        select @Version, pool, driver, service, when_zero
        from unnest(@Pools, @Drivers, @Services, @WhenZeros) as rule (pool, driver, service, when_zero)
        """;

    private const string InsertConsumers = """
        insert into chargeback.pool_rule_consumers (rule_set_version, pool_code, department_code, percent)
        select @Version, pool, department, percent
        from unnest(@Pools, @Departments, @Percents) as consumer (pool, department, percent)
        """;
}
