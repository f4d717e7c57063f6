using InternalServices.Api.Chargeback.RuleSets;
using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Primitives;
using CostPool = InternalServices.Domain.Chargeback.Runs.CostPool;

namespace InternalServices.Api.Chargeback.Runs;

/// <summary>Puts together what the month's pools cost and how the rule set drives them.</summary>
internal sealed class RunPools(
    RuleSet ruleSet,
    IEnumerable<CostSum> costs,
    IEnumerable<PoolService> services,
    IEnumerable<UsageSum> usage,
    IEnumerable<StatisticValue> statistics,
    RunPrices prices)
{
    private readonly Dictionary<string, RuleSet.Rule> _rules =
        ruleSet.Rules.ToDictionary(rule => rule.Pool, StringComparer.Ordinal);

    private readonly ILookup<string, CostSum> _costs = costs.ToLookup(cost => cost.Pool, StringComparer.Ordinal);

    private readonly Dictionary<string, string?> _serviceOf =
        services.ToDictionary(pool => pool.Pool, pool => pool.Service, StringComparer.Ordinal);

    private readonly ILookup<string, DriverQuantity> _usage =
        usage.ToLookup(sum => sum.Service, sum => sum.ToDriver(), StringComparer.Ordinal);

    private readonly ILookup<string, DriverQuantity> _statistics =
        statistics.ToLookup(value => value.Statistic, value => value.ToDriver(), StringComparer.Ordinal);

    /// <summary>The pools with cost and those that they pass it on to; each that shares cost needs a rule.</summary>
    public Outcome<List<CostPool>> Build()
    {
        var pools = Reached();
        var ruleless = pools.Where(pool => !_rules.ContainsKey(pool) && Shares(pool))
            .Order(StringComparer.Ordinal)
            .ToList();
        return ruleless.Count == 0
            ? Priced(pools)
            : Refusal.Rejected(
                "rule-missing",
                $"The rule set says nothing about {string.Join(", ", ruleless)}, where cost is to be shared.",
                $"/pools/{ruleless[0]}") with
            {
                Fields =
                [
                    .. ruleless.Select(pool => new FieldRefusal(
                        $"/pools/{pool}", "rule-missing", $"The rule set says nothing about {pool}.")),
                ],
            };
    }

    private Outcome<List<CostPool>> Priced(List<string> pools) =>
        prices.Check(pools.Where(IsPriced), _serviceOf.GetValueOrDefault, _rules.GetValueOrDefault) is { } refusal
            ? refusal
            : pools.ConvertAll(ToPool);

    private List<string> Reached()
    {
        var reached = _costs.Select(pool => pool.Key)
            .Union(_serviceOf.Keys.Where(IsPriced), StringComparer.Ordinal)
            .ToList();
        var known = reached.ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < reached.Count; i++)
        {
            if (!_rules.TryGetValue(reached[i], out var rule)) continue;
            reached.AddRange(rule.Driver.Consumers.Select(consumer => consumer.Pool).OfType<string>().Where(known.Add));
        }

        return reached;
    }

    /// <summary>Departments pay prices for what they used, though perhaps nothing was spent.</summary>
    private bool IsPriced(string pool) =>
        prices.Charge(_serviceOf[pool]) && (_usage.Contains(_serviceOf[pool]!) || _costs.Contains(pool));

    private bool Shares(string pool) =>
        _costs[pool].Any(cost => cost.Assignee == Assignee.Shared)
        || (!_costs.Contains(pool) && ruleSet.Method != AllocationMethod.Direct);

    private CostPool ToPool(string code)
    {
        var rule = _rules.GetValueOrDefault(code);
        return new CostPool
        {
            Code = code,
            Service = _serviceOf[code],
            Entries = [.. _costs[code].Select(cost => new CostEntry(cost.Assignee, cost.Amount, cost.Rows))],
            Drivers = rule is null ? [] : [.. Drivers(rule.Driver)],
            Rule = rule is null ? new PoolRule() : RuleOf(rule),
            RateCard = prices.Of(_serviceOf[code]),
        };
    }

    private IEnumerable<DriverQuantity> Drivers(RuleSet.Driver driver)
    {
        var named = driver.Consumers.Select(consumer => new DriverQuantity(
            consumer.Pool is { } pool ? Consumer.Pool(pool) : Consumer.Department(consumer.Department!),
            consumer.Quantity ?? 1));
        return driver.Service is { } service ? _usage[service].Concat(named)
            : driver.Statistic is { } statistic ? _statistics[statistic].Concat(named)
            : named;
    }

    private static PoolRule RuleOf(RuleSet.Rule rule) => new()
    {
        Driver = rule.Driver.Kind,
        WhenZero = rule.WhenZero,
        Order = rule.Order,
        Capacity = rule.Capacity is { } capacity ? new Capacity(capacity.Practical, capacity.Owner) : null,
    };
}
