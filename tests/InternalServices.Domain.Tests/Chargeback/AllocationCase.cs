using System.Text.Json;
using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Primitives;

namespace InternalServices.Domain.Tests.Chargeback;

/// <summary>Reads the inputs of <c>tests/cases/allocation.json</c>.</summary>
internal static class AllocationCase
{
    public static AllocationInput InputOf(JsonElement input)
    {
        var pools = input.Items("pools").ToList();
        var codes = pools.Select(pool => pool.Text("code")).ToHashSet();
        var order = input.Items("order").Select(code => code.GetString()!).ToList();
        return new AllocationInput
        {
            Period = new Period(2026, 11),
            Currency = input.Currency(),
            Method = MethodOf(input.Text("method")),
            Departments = [.. input.Items("finals").Select(code => code.GetString()!)],
            Pools = [.. pools.Select(pool => PoolOf(pool, codes, order))],
        };
    }

    public static IEnumerable<(string Code, decimal Value)> DecimalsOf(JsonElement value) =>
        value.EnumerateObject().Select(member => (member.Name, member.Value.AsNumber()));

    private static AllocationMethod MethodOf(string method) =>
        method switch
        {
            "direct" => AllocationMethod.Direct,
            "stepDown" => AllocationMethod.StepDown,
            "reciprocal" => AllocationMethod.Reciprocal,
            _ => throw new InvalidDataException(method),
        };

    /// <summary>Thresholds start tiers, and factors scale the unit price.</summary>
    public static RateCard RateCardOf(JsonElement card)
    {
        var unitPrice = card.Number("unitPrice");
        var thresholds = card.Items("thresholds").ToList();
        var bounds = thresholds.Select(threshold => (decimal?)threshold.Number("from")).Append(null);
        var factors = thresholds.Select(threshold => threshold.Number("factor")).Prepend(1);
        return new RateCard(
            RateMode.Volume,
            [.. bounds.Zip(factors, (bound, factor) => new RateTier(bound, unitPrice * factor))]);
    }

    private static CostPool PoolOf(JsonElement pool, HashSet<string> pools, List<string> order) =>
        new()
        {
            Code = pool.Text("code"),
            Entries = [new CostEntry(Assignee.Shared, pool.Number("amount"))],
            Drivers =
            [
                .. DecimalsOf(pool.GetProperty("drivers")).Select(driver => new DriverQuantity(
                    pools.Contains(driver.Code) ? Consumer.Pool(driver.Code) : Consumer.Department(driver.Code),
                    driver.Value)),
            ],
            RateCard = pool.TryGetProperty("rateCard", out var card)
                ? new RateCardCharging(RateCardOf(card), DifferencePolicy.TrueUp, DepartmentCodes.Unallocated)
                : null,
            Rule = new PoolRule
            {
                Order = order.IndexOf(pool.Text("code")),
                Capacity = TextOf(pool, "capacityOwner") is { } owner
                    ? new Capacity(pool.Number("capacity"), owner)
                    : null,
                Driver = TextOf(pool, "driverKind") switch
                {
                    null => DriverKind.Usage,
                    "even" => DriverKind.Even,
                    "fixedPercent" => DriverKind.FixedPercent,
                    var other => throw new InvalidDataException(other),
                },
                WhenZero = TextOf(pool, "zeroDriver") switch
                {
                    null => WhenZero.Refuse,
                    "even" => WhenZero.Even,
                    "unallocated" => WhenZero.Unallocated,
                    var other => throw new InvalidDataException(other),
                },
            },
        };

    private static string? TextOf(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) ? value.GetString() : null;
}
