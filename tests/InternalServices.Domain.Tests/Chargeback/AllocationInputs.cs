using CsCheck;
using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Primitives;

namespace InternalServices.Domain.Tests.Chargeback;

/// <summary>Inputs to try the allocation on: small ones by hand, arbitrary ones by generation.</summary>
internal static class AllocationInputs
{
    private static readonly string[] Departments =
        ["A", "B", "B10", "B2", "co-op", "coop", DepartmentCodes.ExternalBusiness, DepartmentCodes.Unallocated];

    private static readonly Gen<Assignee> Assignees = Gen.Frequency(
        (3, Gen.Const(Assignee.Shared)),
        (1, Gen.OneOf(Departments).Select(Assignee.Department)),
        (1, Gen.OneOf("C1", "C2").Select(Assignee.Customer)));

    /// <summary>Amounts of either sign, from sub-cents with fifteen decimals to billions.</summary>
    private static readonly Gen<decimal> Amounts =
        Gen.Select(Gen.Long[-999_999_999_999, 999_999_999_999], Gen.Int[0, 15])
            .Select((mantissa, scale) => mantissa * new decimal(1, 0, 0, false, (byte)scale));

    private static readonly Gen<decimal> Quantities = Gen.Frequency(
        (1, Gen.Const(0m)),
        (4, Gen.Int[1, 12].Select(quantity => (decimal)quantity)),
        (2, Gen.Select(Gen.Long[1, 999_999_999_999], Gen.Int[0, 15])
            .Select((mantissa, scale) => mantissa * new decimal(1, 0, 0, false, (byte)scale))));

    private static readonly Gen<PoolRule> Rules = Gen.OneOf(DriverKind.Usage, DriverKind.Even)
        .Select(driver => new PoolRule { Driver = driver, WhenZero = WhenZero.Unallocated });

    /// <summary>Runs that are never refused: every pool has a department that used some of it.</summary>
    public static Gen<AllocationInput> Any(AllocationMethod method) =>
        Gen.Int[1, 6].SelectMany(pools =>
            Gen.Select(Gen.OneOf("EUR", "JPY", "KWD"), PoolAt(0, pools).Array[pools]).Select((currency, drawn) =>
                new AllocationInput
                {
                    Period = new Period(2026, 11),
                    Currency = Currency.Of(currency),
                    Method = method,
                    Departments = Departments,
                    Pools =
                    [
                        .. drawn.Select((pool, i) => pool with
                        {
                            Code = CodeOf(i),
                            Service = i % 2 == 0 ? $"S{i}" : null,
                        }),
                    ],
                    ExternalUsage = new Dictionary<string, decimal> { ["S0"] = 12.5m, ["S2"] = 0m, ["OTHER"] = 1m },
                }));

    public static AllocationInput Of(params CostPool[] pools) =>
        new()
        {
            Period = new Period(2026, 11),
            Currency = Currency.Of("EUR"),
            Method = AllocationMethod.Direct,
            Departments = ["A", "B", "C"],
            Pools = pools,
        };

    public static CostPool Pool(string code, decimal shared, params (string Department, decimal Quantity)[] drivers) =>
        new()
        {
            Code = code,
            Entries = [new CostEntry(Assignee.Shared, shared)],
            Drivers = [.. drivers.Select(driver => Used(driver.Department, driver.Quantity))],
        };

    public static DriverQuantity Used(string department, decimal quantity) =>
        new(Consumer.Department(department), quantity);

    private static string CodeOf(int pool) => $"P{pool}";

    private static Gen<CostPool> PoolAt(int first, int count)
    {
        var consumers = Gen.OneOf(
            Gen.OneOf(Departments).Select(Consumer.Department),
            Gen.Int[first, count - 1].Select(pool => Consumer.Pool(CodeOf(pool))));
        var drivers = Gen.Select(consumers, Quantities)
            .Select((consumer, quantity) => new DriverQuantity(consumer, quantity))
            .Array[0, 8];
        var entries = Gen.Select(Assignees, Amounts, Gen.Long[1, 9])
            .Select((to, amount, rows) => new CostEntry(to, amount, rows))
            .Array[0, 5];
        var always = Gen.Select(Gen.OneOf(Departments), Gen.Int[1, 5])
            .Select((department, quantity) => Used(department, quantity));
        return Gen.Select(entries, drivers, Rules, always).Select((cost, used, rule, sure) => new CostPool
        {
            Code = "",
            Entries = cost,
            Drivers = [.. used.Prepend(sure).DistinctBy(driver => driver.Consumer)],
            Rule = rule,
        });
    }
}
