using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>What drives a pool's shared cost, after its rule was applied.</summary>
/// <param name="Pool">Whose cost.</param>
/// <param name="Quantities">Per consumer that counts in the method, in ordinal order of kind and code.</param>
/// <param name="Total">By what the cost is divided: the quantities' sum, or the practical capacity.</param>
internal sealed record Consumption(CostPool Pool, IReadOnlyList<DriverQuantity> Quantities, decimal Total)
{
    private const decimal WholePercent = 100m;

    public decimal Used { get; } = SumOf(Quantities);

    /// <summary>Capacity that nobody used; below zero for use beyond capacity, 0 without a capacity.</summary>
    public decimal Unused => Total - Used;

    /// <summary>
    /// Applies the pool's rule to its drivers.
    /// <list type="bullet">
    /// <item><c>shares-not-100</c>: fixed percentages do not total exactly 100.</item>
    /// <item><c>driver-missing</c>: the driver has no quantity at all (for usage that is zero, not missing).</item>
    /// <item><c>driver-zero</c>: all quantities are zero and the rule says <see cref="WhenZero.Refuse"/>.</item>
    /// <item><c>no-final-consumer</c>: only consumers that do not count in this method use the pool.</item>
    /// </list>
    /// </summary>
    /// <param name="pool">The pool.</param>
    /// <param name="counts">Whether cost of this pool may flow to the consumer.</param>
    public static Outcome<Consumption> Of(CostPool pool, Func<Consumer, bool> counts)
    {
        if (pool.Rule.Driver == DriverKind.FixedPercent && SumOf(pool.Drivers) != WholePercent)
        {
            return PoolRefusal.Of(
                "shares-not-100", $"The fixed percentages total {SumOf(pool.Drivers)}, not 100.", [pool.Code]);
        }

        var others = pool.Drivers.Where(driver => driver.Consumer != Consumer.Pool(pool.Code)).ToList();
        var counting = others
            .Where(driver => counts(driver.Consumer))
            .OrderBy(driver => driver.Consumer.Kind)
            .ThenBy(driver => driver.Consumer.Code, StringComparer.Ordinal)
            .Select(driver => driver with
            {
                Quantity = pool.Rule.Driver == DriverKind.Even ? 1 : ExactAmount.Canonical(driver.Quantity),
            })
            .ToList();
        var used = SumOf(counting);
        if (pool.Rule.Capacity is { } capacity)
        {
            return new Consumption(pool, counting, ExactAmount.Canonical(capacity.Practical));
        }

        if (used > 0)
        {
            return new Consumption(pool, counting, used);
        }

        if (others.FirstOrDefault(driver => driver.Quantity > 0) is { } user)
        {
            return PoolRefusal.Of(
                "no-final-consumer", $"No department is reached: {pool.Code} → {user.Consumer.Code}.", [pool.Code]);
        }

        return counting.Count == 0 && pool.Rule.Driver != DriverKind.Usage
            ? PoolRefusal.Of("driver-missing", "The driver has no quantity for any consumer.", [pool.Code])
            : WhenAllZero(pool, counting);
    }

    /// <summary>The departments that the pool names, and its capacity's owner with what nobody used.</summary>
    public IEnumerable<(CostEnd End, decimal Quantity)> Ends()
    {
        var named = Quantities
            .Where(driver => driver.Consumer.Kind == ConsumerKind.Department)
            .Select(driver => (CostEnd.UseBy(driver.Consumer.Code, Pool.Service), driver.Quantity));
        return Pool.Rule.Capacity is { } capacity
            ? named.Append((new CostEnd(capacity.Owner, IsCapacity: true), Unused))
            : named;
    }

    /// <summary>Where the pool's cost goes in one step, for people.</summary>
    public IEnumerable<PoolFlow> Flows()
    {
        var used = Quantities.Select(driver => new PoolFlow(Pool.Code, driver.Consumer, driver.Quantity, Total));
        return Pool.Rule.Capacity is { } capacity
            ? used.Append(new PoolFlow(
                Pool.Code, Consumer.Department(capacity.Owner), Unused, Total, IsCapacity: true))
            : used;
    }

    private static Outcome<Consumption> WhenAllZero(CostPool pool, List<DriverQuantity> named) =>
        pool.Rule.WhenZero switch
        {
            WhenZero.Unallocated => new Consumption(
                pool, [new DriverQuantity(Consumer.Department(DepartmentCodes.Unallocated), 1)], 1),
            WhenZero.Even when named.Count > 0 => new Consumption(
                pool, [.. named.Select(driver => driver with { Quantity = 1 })], named.Count),
            WhenZero.Even or WhenZero.Refuse => PoolRefusal.Of(
                "driver-zero",
                "All driver quantities are zero, and the pool's rule has no other consumer.",
                [pool.Code]),
        };

    private static decimal SumOf(IEnumerable<DriverQuantity> drivers) => drivers.Sum(driver => driver.Quantity);
}
