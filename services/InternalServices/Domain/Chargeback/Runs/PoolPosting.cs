using System.Numerics;
using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>The lines of one pool, in whole minor units that sum to the pool's amount.</summary>
internal static class PoolPosting
{
    public static (PoolResult Pool, IReadOnlyList<AllocationLine> Lines) Of(
        PoolCost cost, DriverShares? drivers, decimal amount, Currency currency)
    {
        decimal[] exact = [cost.Shared, .. cost.Direct.Select(direct => direct.Amount)];
        var parts = MoneySplit.RoundTowards(amount, exact, currency);
        var pool = new PoolResult(
            cost.Pool.Code,
            cost.Pool.Service,
            cost.Total,
            amount,
            UnitsAbove(amount, cost.Total, currency),
            cost.Shared,
            parts[0]);
        var shared = drivers is null ? [] : SharedLines(cost, drivers, parts[0], currency);
        var direct = cost.Direct.Select((assigned, i) => new AllocationLine
        {
            Pool = cost.Pool.Code,
            Department = assigned.Department,
            Customer = assigned.Customer,
            Kind = LineKind.Direct,
            Amount = parts[i + 1],
            Exact = assigned.Amount,
            RoundingUnits = UnitsAbove(parts[i + 1], assigned.Amount, currency),
            Share = 1,
        });
        return (pool, [.. shared, .. direct]);
    }

    private static IEnumerable<AllocationLine> SharedLines(
        PoolCost cost, DriverShares drivers, decimal shared, Currency currency)
    {
        var weights = drivers.Quantities.Select(driver => driver.Quantity).ToArray();
        var parts = MoneySplit.ByWeights(shared, currency, weights).Value;
        var total = Rational.From(drivers.Total);
        return drivers.Quantities.Select((driver, i) =>
        {
            var share = Rational.From(driver.Quantity) / total;
            return new AllocationLine
            {
                Pool = cost.Pool.Code,
                Department = driver.Consumer.Code,
                Kind = LineKind.Shared,
                Amount = parts[i],
                Exact = (Rational.From(cost.Shared) * share).Round(ExactAmount.Decimals),
                RoundingUnits = UnitsBeyondCutOff(parts[i], Rational.From(shared) * share, currency),
                Quantity = driver.Quantity,
                TotalQuantity = drivers.Total,
                Share = share.Round(ExactAmount.Decimals),
            };
        });
    }

    /// <summary>How many minor units the amount stands above the exact value cut off towards −∞.</summary>
    private static int UnitsAbove(decimal amount, decimal exact, Currency currency) =>
        (int)(ToUnits(Rational.From(amount), currency) - ToUnits(Rational.From(exact), currency));

    /// <summary>How many minor units the amount stands beyond the exact value cut off towards zero.</summary>
    private static int UnitsBeyondCutOff(decimal amount, Rational exact, Currency currency) =>
        exact.Sign < 0
            ? -(int)(ToUnits(-Rational.From(amount), currency) - ToUnits(-exact, currency))
            : (int)(ToUnits(Rational.From(amount), currency) - ToUnits(exact, currency));

    private static BigInteger ToUnits(Rational value, Currency currency) =>
        (value * new Rational(BigInteger.Pow(10, currency.Exponent), 1)).Floor();
}
