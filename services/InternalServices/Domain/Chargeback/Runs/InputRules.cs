using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>What must hold of every input before anything is calculated.</summary>
internal static class InputRules
{
    private static readonly Rational AmountLimit = Rational.From(10_000_000_000_000m);

    /// <summary>The first rule that is broken, with every pool that breaks it; null when the input is sound.</summary>
    public static Refusal? Check(AllocationInput input, IReadOnlySet<string> departments)
    {
        var pools = input.Pools.Select(pool => pool.Code).ToHashSet(StringComparer.Ordinal);
        return Repeated(input)
            ?? Broken(
                input,
                "unknown-department",
                "A cost is assigned to a department that the run does not know.",
                pool => pool.Entries.Any(entry => entry.Assignee.Kind == AssigneeKind.Department
                    && !departments.Contains(entry.Assignee.Code!)))
            ?? Broken(
                input,
                "unknown-consumer",
                "A driver quantity names a department or pool that the run does not know.",
                pool => pool.Drivers.Any(driver =>
                    !(driver.Consumer.Kind == ConsumerKind.Pool ? pools : departments).Contains(driver.Consumer.Code)))
            ?? Broken(
                input,
                "driver-repeated",
                "A consumer has more than one driver quantity.",
                pool => pool.Drivers.DistinctBy(driver => driver.Consumer).Count() != pool.Drivers.Count)
            ?? Broken(
                input,
                "negative-quantity",
                "A driver quantity must not be negative.",
                pool => pool.Drivers.Any(driver => driver.Quantity < 0))
            ?? Broken(
                input,
                "quantity-out-of-range",
                "Driver quantities must total below 10^13, with at most 15 decimals.",
                pool => !AreInRange(pool.Drivers))
            ?? Broken(
                input,
                "capacity-not-positive",
                "A practical capacity must be above zero and below 10^13, with at most 15 decimals.",
                pool => pool.Rule.Capacity is { } capacity
                    && (capacity.Practical <= 0 || !ExactAmount.TryUnits(capacity.Practical, out _)))
            ?? Broken(
                input,
                "unknown-department",
                "The owner of a capacity or rate card is a department that the run does not know.",
                pool => OwnersOf(pool).Any(owner => !departments.Contains(owner)))
            ?? Broken(
                input,
                "rate-card-unsound",
                "Bounds must ascend from above zero, only the last is open, and prices must not be negative.",
                pool => pool.RateCard is { } rateCard && !rateCard.Card.IsSound())
            ?? Broken(
                input,
                "amount-out-of-range",
                "What the rate card charges must be below 10^13.",
                pool => pool.RateCard is { } rateCard && !IsInRange(rateCard.Card, pool.Drivers))
            ?? ExternalUsage(input);
    }

    private static Refusal? Repeated(AllocationInput input)
    {
        var repeated = input.Pools
            .GroupBy(pool => pool.Code, StringComparer.Ordinal)
            .Where(group => group.Skip(1).Any())
            .Select(group => group.Key)
            .ToList();
        return repeated.Count == 0 ? null : PoolRefusal.Of("pool-repeated", "The pool is given twice.", repeated);
    }

    private static Refusal? Broken(AllocationInput input, string code, string detail, Func<CostPool, bool> isBroken)
    {
        var pools = input.Pools.Where(isBroken).Select(pool => pool.Code).ToList();
        return pools.Count == 0 ? null : PoolRefusal.Of(code, detail, pools);
    }

    private static bool AreInRange(IEnumerable<DriverQuantity> drivers)
    {
        var total = Int128.Zero;
        foreach (var driver in drivers)
        {
            if (!ExactAmount.TryUnits(driver.Quantity, out var units))
            {
                return false;
            }

            total += units;
        }

        return ExactAmount.FromUnits(total) is not null;
    }

    private static IEnumerable<string> OwnersOf(CostPool pool) =>
        new[] { pool.Rule.Capacity?.Owner, pool.RateCard?.Owner }.OfType<string>();

    private static bool IsInRange(RateCard card, IEnumerable<DriverQuantity> drivers) =>
        drivers.Aggregate(Rational.Zero, (sum, driver) => sum + card.Charge(driver.Quantity)) < AmountLimit;

    private static Refusal? ExternalUsage(AllocationInput input)
    {
        var wrong = input.ExternalUsage
            .Where(usage => usage.Value < 0 || !ExactAmount.TryUnits(usage.Value, out _))
            .Select(usage => usage.Key)
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
        return wrong is null
            ? null
            : Refusal.Rejected(
                "quantity-out-of-range",
                $"The external usage of {wrong} must not be negative, be below 10^13 and have at most 15 decimals.",
                $"/externalUsage/{wrong}");
    }
}
