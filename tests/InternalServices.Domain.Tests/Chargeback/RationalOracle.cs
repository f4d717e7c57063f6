using System.Numerics;
using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Primitives;

namespace InternalServices.Domain.Tests.Chargeback;

/// <summary>
/// Another way to the same shares: solves (I − P) X = F for all pools at once in rational arithmetic, and splits with
/// the exact shares. Knows usage and even drivers.
/// </summary>
internal static class RationalOracle
{
    /// <summary>What each department gets of one pool's amount, in whole minor units.</summary>
    public static Dictionary<string, decimal> Split(AllocationInput input, string pool, decimal amount)
    {
        var departments = input.Departments.Order(StringComparer.Ordinal).ToArray();
        var shares = Shares(input, departments)[pool];
        var common = shares.Aggregate(BigInteger.One, (multiple, share) =>
            multiple * (share.Denominator / BigInteger.GreatestCommonDivisor(multiple, share.Denominator)));
        var weights = Array.ConvertAll(shares, share => share.Numerator * (common / share.Denominator));
        var parts = MoneySplit.ByWholeWeights(amount, input.Currency, weights);
        return departments.Zip(parts, (department, part) => (department, part.Amount)).ToDictionary();
    }

    public static Dictionary<string, Rational[]> Shares(AllocationInput input, string[] departments)
    {
        var pools = input.Pools
            .OrderBy(pool => pool.Rule.Order)
            .ThenBy(pool => pool.Code, StringComparer.Ordinal)
            .ToList();
        var rows = pools.Select((pool, i) => RowOf(input, pools, pool, i, departments)).ToArray();
        for (var pivot = 0; pivot < rows.Length; pivot++)
        {
            var chosen = Enumerable.Range(pivot, rows.Length - pivot).First(row => rows[row][pivot].Sign != 0);
            (rows[pivot], rows[chosen]) = (rows[chosen], rows[pivot]);
            rows[pivot] = Array.ConvertAll(rows[pivot], value => value / rows[pivot][pivot]);
            for (var row = 0; row < rows.Length; row++)
            {
                var factor = rows[row][pivot];
                if (row != pivot && factor.Sign != 0)
                {
                    rows[row] = [.. rows[row].Zip(rows[pivot], (value, eliminated) => value - factor * eliminated)];
                }
            }
        }

        return pools.Select((pool, i) => (pool.Code, rows[i][pools.Count..])).ToDictionary();
    }

    /// <summary>Of [I − P | F].</summary>
    private static Rational[] RowOf(
        AllocationInput input, List<CostPool> pools, CostPool pool, int position, string[] departments)
    {
        var row = new Rational[pools.Count + departments.Length];
        var quantities = pool.Drivers
            .Where(driver => driver.Consumer.Kind == ConsumerKind.Department
                || (driver.Consumer.Code != pool.Code && input.Method switch
                {
                    AllocationMethod.Direct => false,
                    AllocationMethod.StepDown => IndexOf(pools, driver.Consumer.Code) > position,
                    AllocationMethod.Reciprocal => true,
                }))
            .Select(driver => (
                At: driver.Consumer.Kind == ConsumerKind.Pool
                    ? IndexOf(pools, driver.Consumer.Code)
                    : pools.Count + Array.IndexOf(departments, driver.Consumer.Code),
                Weight: pool.Rule.Driver == DriverKind.Even ? Rational.One : Rational.From(driver.Quantity)))
            .ToList();
        var total = quantities.Aggregate(Rational.Zero, (sum, quantity) => sum + quantity.Weight);
        row[position] = Rational.One;
        foreach (var (at, weight) in quantities)
        {
            row[at] += at < pools.Count ? -(weight / total) : weight / total;
        }

        return row;
    }

    private static int IndexOf(List<CostPool> pools, string code) => pools.FindIndex(pool => pool.Code == code);
}
