using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Hosting.Http;

namespace InternalServices.Api.Chargeback.RuleSets;

/// <summary>How every pool is driven; a version never changes.</summary>
public sealed record RuleSet
{
    public const int MaxRules = 2_000;
    public const int MaxConsumers = 2_000;

    private const decimal WholePercent = 100m;

    public required long Version { get; init; }

    public required AllocationMethod Method { get; init; }

    public required IReadOnlyList<Rule> Rules { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    /// <summary>The rule of one pool.</summary>
    public sealed record Rule
    {
        /// <summary>Code of the pool.</summary>
        public required string Pool { get; init; }

        public required Driver Driver { get; init; }

        public WhenZero WhenZero { get; init; } = WhenZero.Refuse;
    }

    /// <summary>By what the pool's cost is shared.</summary>
    public sealed record Driver
    {
        public required Kind Kind { get; init; }

        /// <summary>Usage: code of the service whose usage of the month counts.</summary>
        public string? Service { get; init; }

        /// <summary>Even and fixed percent: who shares.</summary>
        public IReadOnlyList<Consumer> Consumers { get; init; } = [];
    }

    public enum Kind
    {
        /// <summary>By the month's usage of a service; external customers count together.</summary>
        Usage,

        /// <summary>The same for every consumer named.</summary>
        Even,

        /// <summary>By percentages that total exactly 100.</summary>
        FixedPercent,
    }

    /// <summary>A department that shares.</summary>
    public sealed record Consumer
    {
        /// <summary>Code of the department, one of the two special ones included.</summary>
        public required string Department { get; init; }

        /// <summary>For fixed percentages.</summary>
        public decimal? Percent { get; init; }
    }

    internal static Fields Check(IReadOnlyList<Rule> rules)
    {
        var fields = new Fields().Count("/rules", rules.Count, MaxRules);
        var pools = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < rules.Count && i < MaxRules; i++)
        {
            fields.Check($"/rules/{i}/pool", pools.Add(rules[i].Pool), "pool-repeated", "The pool has an earlier rule.");
            CheckDriver(fields, $"/rules/{i}/driver", rules[i].Driver);
        }

        return fields;
    }

    private static void CheckDriver(Fields fields, string pointer, Driver driver)
    {
        var consumers = driver.Consumers;
        fields
            .Check(
                $"{pointer}/service",
                (driver.Kind == Kind.Usage) == (driver.Service is not null),
                "service-mismatch",
                "Usage names its service, and no other driver does.")
            .Check(
                $"{pointer}/consumers",
                driver.Kind == Kind.Usage ? consumers.Count == 0 : consumers.Count is >= 1 and <= MaxConsumers,
                "consumers-mismatch",
                $"Even and fixed percent name 1 to {MaxConsumers} consumers, and usage none.")
            .Check(
                $"{pointer}/consumers",
                consumers.DistinctBy(consumer => consumer.Department).Count() == consumers.Count,
                "consumer-repeated",
                "A department is named twice.")
            .Check(
                $"{pointer}/consumers",
                consumers.All(consumer => driver.Kind == Kind.FixedPercent
                    ? consumer.Percent is > 0 and <= WholePercent and { Scale: <= Exact.MaxDecimals }
                    : consumer.Percent is null),
                "percent-mismatch",
                "Fixed percentages are above 0 and at most 100 with at most 15 decimals, and other drivers have none.")
            .Check(
                $"{pointer}/consumers",
                driver.Kind != Kind.FixedPercent || consumers.Sum(consumer => consumer.Percent) == WholePercent,
                "shares-not-100",
                "The percentages do not total exactly 100.");
    }
}
