using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.RuleSets;

/// <summary>What must hold of a rule set.</summary>
internal static class RuleSetRules
{
    private const int MaxRules = 2_000;
    private const int MaxConsumers = 2_000;
    private const int MaxOrder = 1_000_000;
    private const decimal WholePercent = 100m;

    /// <summary>First what it says by itself, then what it names.</summary>
    public static async Task<Refusal?> Check(Transaction transaction, IReadOnlyList<RuleSet.Rule> rules)
    {
        var fields = Check(rules);
        if (fields.Refusal is null) await RuleSetReferences.Check(transaction, rules, fields);
        return fields.Refusal;
    }

    private static Fields Check(IReadOnlyList<RuleSet.Rule> rules)
    {
        var fields = new Fields().Count("/rules", rules.Count, MaxRules);
        var pools = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < rules.Count && i < MaxRules; i++)
        {
            var rule = rules[i];
            fields
                .Check($"/rules/{i}/pool", pools.Add(rule.Pool), "pool-repeated", "The pool has an earlier rule.")
                .Range($"/rules/{i}/order", rule.Order, 0, MaxOrder)
                .Check(
                    $"/rules/{i}/capacity/practical",
                    rule.Capacity is not { } capacity
                        || (capacity.Practical > 0 && Exact.IsInRange(capacity.Practical)),
                    "invalid-quantity",
                    "A capacity is above 0 and below 10^13, with at most 15 decimals.");
            CheckDriver(fields, $"/rules/{i}/driver", rule.Driver);
            if (rule.Driver.Statistic is { } statistic) fields.Code($"/rules/{i}/driver/statistic", statistic);
        }

        return fields;
    }

    private static void CheckDriver(Fields fields, string pointer, RuleSet.Driver driver)
    {
        var consumers = driver.Consumers;
        var isRecorded = driver.Kind == DriverKind.Usage || driver.Statistic is not null;
        fields
            .Check(
                $"{pointer}/service",
                (driver.Kind == DriverKind.Usage) == (driver.Service is not null),
                "service-mismatch",
                "Usage names its service, and no other driver does.")
            .Check(
                $"{pointer}/statistic",
                driver.Statistic is null
                    || driver.Kind is DriverKind.Headcount or DriverKind.Statistic or DriverKind.Time,
                "statistic-mismatch",
                "Only headcount, statistic and time count a statistic.")
            .Check(
                $"{pointer}/consumers",
                isRecorded ? consumers.All(consumer => consumer.Department is null) : consumers.Count > 0,
                "consumers-mismatch",
                "A driver names its consumers; usage and statistics name only pools, departments are recorded.")
            .Count($"{pointer}/consumers", consumers.Count, MaxConsumers, min: 0)
            .Check(
                $"{pointer}/consumers",
                consumers.DistinctBy(consumer => (consumer.Department, consumer.Pool)).Count() == consumers.Count,
                "consumer-repeated",
                "A consumer is named twice.")
            .Check(
                $"{pointer}/consumers",
                driver.Kind != DriverKind.FixedPercent || Total(consumers) == WholePercent,
                "shares-not-100",
                "The percentages do not total exactly 100.");
        for (var i = 0; i < consumers.Count && i < MaxConsumers; i++)
        {
            CheckConsumer(fields, $"{pointer}/consumers/{i}", driver.Kind, consumers[i]);
        }
    }

    private static void CheckConsumer(Fields fields, string pointer, DriverKind kind, RuleSet.Consumer consumer) =>
        fields
            .Check(
                pointer,
                (consumer.Department is null) != (consumer.Pool is null),
                "consumer-mismatch",
                "A consumer is a department or a pool.")
            .Check(
                $"{pointer}/quantity",
                kind == DriverKind.Even
                    ? consumer.Quantity is null
                    : consumer.Quantity is { } quantity && quantity >= 0 && Exact.IsInRange(quantity),
                "invalid-quantity",
                "A quantity is from 0 and below 10^13 with at most 15 decimals; an even driver has none.");

    private static decimal Total(IReadOnlyList<RuleSet.Consumer> consumers) =>
        consumers.Sum(consumer => consumer.Quantity is { } quantity && Exact.IsInRange(quantity) ? quantity : 0);
}
