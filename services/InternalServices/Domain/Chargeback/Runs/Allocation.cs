using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>Calculates allocation runs.</summary>
public static class Allocation
{
    /// <summary>Changes whenever the same inputs could give another run.</summary>
    public const string EngineVersion = "1";

    /// <summary>
    /// Distributes every pool to the departments. The exact sum over all pools is rounded to the minor unit; each pool
    /// is cut off towards −∞ and the missing units go to the largest fractions; in the same way each pool's amount goes
    /// over its shared part and its direct assignments; the shared part is split by the shares of the method (largest
    /// remainder, ties to the lowest department code, a negative amount mirrors the positive).
    /// </summary>
    /// <returns>
    /// The run, or one refusal for the whole of it that names every pool with the same fault:
    /// <c>amount-out-of-range</c>, <c>pool-repeated</c>, <c>unknown-department</c>, <c>unknown-consumer</c>,
    /// <c>driver-repeated</c>, <c>negative-quantity</c>, <c>quantity-out-of-range</c>, <c>shares-not-100</c>,
    /// <c>driver-missing</c>, <c>driver-zero</c>, <c>no-final-consumer</c>.
    /// </returns>
    public static Outcome<AllocationRun> Calculate(AllocationInput input)
    {
        var departments = input.Departments
            .Append(DepartmentCodes.ExternalBusiness)
            .Append(DepartmentCodes.Unallocated)
            .ToHashSet(StringComparer.Ordinal);
        return InputRules.Check(input, departments) is { } broken
            ? broken
            : PoolCost.Of(input.Pools).Then(costs => DriversOf(input, costs).Then<AllocationRun>(drivers =>
                Post(input, departments, costs, drivers)));
    }

    /// <summary>The drivers of each pool; null where nothing is to be distributed.</summary>
    private static Outcome<DriverShares?[]> DriversOf(AllocationInput input, PoolCost[] costs)
    {
        var drivers = Array.ConvertAll(
            costs,
            cost => cost.Shared == 0
                ? (Outcome<DriverShares>?)null
                : DriverShares.Of(cost.Pool, input.Method));
        var refused = drivers
            .Where(driver => driver is { IsRefused: true })
            .Select(driver => driver!.Value.Refusal!)
            .ToList();
        return refused.Count == 0
            ? Array.ConvertAll(drivers, driver => driver?.Value)
            : refused[0] with
            {
                Fields = [.. refused.Where(other => other.Code == refused[0].Code).SelectMany(other => other.Fields!)],
            };
    }

    private static AllocationRun Post(
        AllocationInput input, HashSet<string> departments, PoolCost[] costs, DriverShares?[] drivers)
    {
        var amounts = MoneySplit.RoundTogether(Array.ConvertAll(costs, cost => cost.Total), input.Currency);
        var pools = new List<PoolResult>(costs.Length);
        var lines = new List<AllocationLine>();
        for (var i = 0; i < costs.Length; i++)
        {
            var (pool, poolLines) = PoolPosting.Of(costs[i], drivers[i], amounts[i], input.Currency);
            pools.Add(pool);
            lines.AddRange(poolLines);
        }

        return new AllocationRun
        {
            Period = input.Period,
            Currency = input.Currency,
            Method = input.Method,
            Pools = pools,
            Lines = lines,
            Departments = TotalsOf(departments, lines),
            External = ExternalCosts.Of(input, costs.Select(cost => cost.Pool), lines),
            Warnings = WarningsOf(costs),
            Certificate = Certificate.Of(input, pools, lines),
        };
    }

    private static List<DepartmentTotal> TotalsOf(HashSet<string> departments, List<AllocationLine> lines)
    {
        var totals = lines
            .GroupBy(line => line.Department, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum(line => line.Amount), StringComparer.Ordinal);
        return
        [
            .. departments.Order(StringComparer.Ordinal)
                .Select(department => new DepartmentTotal(department, totals.GetValueOrDefault(department))),
        ];
    }

    private static List<AllocationWarning> WarningsOf(IEnumerable<PoolCost> costs) =>
    [
        .. costs.Select(cost => cost.Pool)
            .Where(pool => pool.Drivers.Any(driver =>
                driver.Quantity > 0 && driver.Consumer == Consumer.Pool(pool.Code)))
            .Select(pool => new AllocationWarning(
                "self-consumption-ignored", pool.Code, $"What {pool.Code} uses of itself drives nothing.")),
    ];
}
