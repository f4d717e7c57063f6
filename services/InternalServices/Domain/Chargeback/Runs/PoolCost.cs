using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>A pool's cost, summed exactly per assignee.</summary>
/// <param name="Pool">Whose cost.</param>
/// <param name="Shared">What the driver distributes.</param>
/// <param name="Direct">Per assignee; departments before customers, each in ordinal order of their codes.</param>
/// <param name="Total">Shared and direct together.</param>
internal sealed record PoolCost(CostPool Pool, decimal Shared, IReadOnlyList<DirectCost> Direct, decimal Total)
{
    /// <summary>Whether departments pay prices for what they used, though perhaps nothing was spent.</summary>
    public bool IsCharged => Pool.RateCard is not null
        && Pool.Drivers.Any(driver => driver.Consumer.Kind == ConsumerKind.Department && driver.Quantity > 0);

    /// <summary>The pools in ordinal order of their codes, or <c>amount-out-of-range</c>.</summary>
    public static Outcome<PoolCost[]> Of(IReadOnlyList<CostPool> pools)
    {
        var costs = new List<PoolCost>(pools.Count);
        foreach (var pool in pools.OrderBy(pool => pool.Code, StringComparer.Ordinal))
        {
            if (SumOf(pool) is not { } cost)
            {
                return PoolRefusal.Of(
                    "amount-out-of-range", "An amount must be below 10^13, with at most 15 decimals, and so must sums.",
                    [pool.Code]);
            }

            costs.Add(cost);
        }

        return costs.ToArray();
    }

    private static PoolCost? SumOf(CostPool pool)
    {
        var units = new Dictionary<Assignee, Int128>();
        foreach (var entry in pool.Entries)
        {
            if (!ExactAmount.TryUnits(entry.Amount, out var amount))
            {
                return null;
            }

            units[entry.Assignee] = units.GetValueOrDefault(entry.Assignee) + amount;
        }

        var total = ExactAmount.FromUnits(units.Values.Aggregate(Int128.Zero, (sum, part) => sum + part));
        var sums = units
            .OrderBy(sum => sum.Key.Kind)
            .ThenBy(sum => sum.Key.Code, StringComparer.Ordinal)
            .Select(sum => (Assignee: sum.Key, Amount: ExactAmount.FromUnits(sum.Value)))
            .ToList();
        return total is null || sums.Any(sum => sum.Amount is null)
            ? null
            : new PoolCost(
                pool,
                sums.Where(sum => sum.Assignee.Kind == AssigneeKind.Shared).Sum(sum => sum.Amount!.Value),
                [
                    .. sums.Where(sum => sum.Assignee.Kind != AssigneeKind.Shared)
                        .Select(sum => new DirectCost(sum.Assignee, sum.Amount!.Value)),
                ],
                total.Value);
    }
}

/// <summary>What was assigned to one department or customer.</summary>
internal sealed record DirectCost(Assignee Assignee, decimal Amount)
{
    public string Department =>
        Assignee.Kind == AssigneeKind.Customer ? DepartmentCodes.ExternalBusiness : Assignee.Code!;

    /// <summary>Whether external customers bear it together, rather than one of them.</summary>
    public bool IsExternal => Assignee == Assignee.Department(DepartmentCodes.ExternalBusiness);

    public string? Customer => Assignee.Kind == AssigneeKind.Customer ? Assignee.Code : null;
}
