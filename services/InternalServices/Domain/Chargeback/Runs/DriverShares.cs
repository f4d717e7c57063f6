using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>The quantities that drive a pool's shared cost, after its rule was applied.</summary>
/// <param name="Quantities">Per consumer that counts, in ordinal order of kind and code.</param>
/// <param name="Total">Their sum; above zero, or zero where the pool has nothing to distribute.</param>
internal sealed record DriverShares(IReadOnlyList<DriverQuantity> Quantities, decimal Total)
{
    private const decimal WholePercent = 100m;

    /// <summary>
    /// Applies the pool's rule to its drivers.
    /// <list type="bullet">
    /// <item><c>shares-not-100</c>: fixed percentages do not total exactly 100.</item>
    /// <item><c>driver-missing</c>: the driver has no quantity at all (for usage that is zero, not missing).</item>
    /// <item><c>driver-zero</c>: all quantities are zero and the rule says <see cref="WhenZero.Refuse"/>.</item>
    /// <item><c>no-final-consumer</c>: only other pools consume, which do not count in this method.</item>
    /// </list>
    /// </summary>
    public static Outcome<DriverShares> Of(CostPool pool, AllocationMethod method)
    {
        if (pool.Rule.Driver == DriverKind.FixedPercent && SumOf(pool.Drivers) != WholePercent)
        {
            return PoolRefusal.Of(
                "shares-not-100", $"The fixed percentages total {SumOf(pool.Drivers)}, not 100.", [pool.Code]);
        }

        var others = pool.Drivers.Where(driver => driver.Consumer != Consumer.Pool(pool.Code)).ToList();
        var counting = others
            .Where(driver => Counts(driver.Consumer, method))
            .OrderBy(driver => driver.Consumer.Kind)
            .ThenBy(driver => driver.Consumer.Code, StringComparer.Ordinal)
            .Select(driver => pool.Rule.Driver == DriverKind.Even ? driver with { Quantity = 1 } : driver)
            .Select(driver => driver with { Quantity = ExactAmount.Canonical(driver.Quantity) })
            .ToList();
        var total = SumOf(counting);
        if (total > 0)
        {
            return new DriverShares(counting, total);
        }

        if (others.FirstOrDefault(driver => driver.Quantity > 0) is { } user)
        {
            return PoolRefusal.Of(
                "no-final-consumer",
                $"No department is reached: {pool.Code} → {user.Consumer.Code}.",
                [pool.Code]);
        }

        return counting.Count == 0 && pool.Rule.Driver != DriverKind.Usage
            ? PoolRefusal.Of("driver-missing", "The driver has no quantity for any consumer.", [pool.Code])
            : WhenAllZero(pool, counting);
    }

    private static Outcome<DriverShares> WhenAllZero(CostPool pool, List<DriverQuantity> named) =>
        pool.Rule.WhenZero switch
        {
            WhenZero.Unallocated => new DriverShares(
                [new DriverQuantity(Consumer.Department(DepartmentCodes.Unallocated), 1)], 1),
            WhenZero.Even when named.Count > 0 => new DriverShares(
                [.. named.Select(driver => driver with { Quantity = 1 })], named.Count),
            WhenZero.Even or WhenZero.Refuse => PoolRefusal.Of(
                "driver-zero",
                "All driver quantities are zero, and the pool's rule has no other consumer.",
                [pool.Code]),
        };

    private static bool Counts(Consumer consumer, AllocationMethod method) =>
        method switch
        {
            AllocationMethod.Direct => consumer.Kind == ConsumerKind.Department,
        };

    private static decimal SumOf(IEnumerable<DriverQuantity> drivers) => drivers.Sum(driver => driver.Quantity);
}
