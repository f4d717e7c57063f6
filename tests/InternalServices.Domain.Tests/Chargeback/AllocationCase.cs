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
        return new AllocationInput
        {
            Period = new Period(2026, 11),
            Currency = input.Currency(),
            Method = MethodOf(input.Text("method")),
            Departments = [.. input.Items("finals").Select(code => code.GetString()!)],
            Pools = [.. pools.Select(pool => PoolOf(pool, codes))],
        };
    }

    public static IEnumerable<(string Code, decimal Value)> DecimalsOf(JsonElement value) =>
        value.EnumerateObject().Select(member => (member.Name, member.Value.AsNumber()));

    private static AllocationMethod MethodOf(string method) =>
        method switch
        {
            "direct" => AllocationMethod.Direct,
            _ => throw new InvalidDataException(method),
        };

    private static CostPool PoolOf(JsonElement pool, HashSet<string> pools) =>
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
            Rule = new PoolRule
            {
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
