using System.Numerics;

namespace ServiceMesh.Primitives;

/// <summary>Hamilton's method: what cutting off leaves over goes to the largest remainders.</summary>
public static class LargestRemainder
{
    /// <summary>
    /// Cuts units × weight ÷ Σ weights off towards −∞ and gives the units left over, one each, to the parts with the
    /// largest remainders, ties to the earliest.
    /// </summary>
    /// <param name="units">Not negative.</param>
    /// <param name="weights">Their sum is above zero. One below zero takes back what others get too much.</param>
    /// <returns>Per weight its part, and the units that the part got beyond the cut-off: 0 or 1.</returns>
    public static (BigInteger[] Parts, int[] Spare) Split(BigInteger units, IReadOnlyList<BigInteger> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var total = weights.Aggregate(BigInteger.Zero, (sum, weight) => sum + weight);
        return SplitTowards(units, units, weights, total);
    }

    /// <summary>Like <see cref="Split"/>, for some of the weights, whose parts together were rounded before.</summary>
    /// <param name="sum">Differs from the exact sum of the parts by less than one unit.</param>
    /// <param name="units">What is split over all weights; not negative.</param>
    /// <param name="weights">Those whose parts are asked for.</param>
    /// <param name="total">Of all weights, above zero.</param>
    public static (BigInteger[] Parts, int[] Spare) SplitTowards(
        BigInteger sum, BigInteger units, IReadOnlyList<BigInteger> weights, BigInteger total)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentOutOfRangeException.ThrowIfNegative(units);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(total);
        var parts = new BigInteger[weights.Count];
        var remainders = new BigInteger[weights.Count];
        var left = sum;
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = BigInteger.DivRem(units * weights[i], total, out remainders[i]);
            if (remainders[i].Sign < 0)
            {
                parts[i] -= 1;
                remainders[i] += total;
            }

            left -= parts[i];
        }

        return (parts, Give((int)left, parts, remainders));
    }

    /// <summary>Adds one unit each to the parts with the largest remainders, ties to the earliest.</summary>
    /// <param name="units">From 0 to the number of parts.</param>
    /// <param name="parts">Cut off; changed in place.</param>
    /// <param name="remainders">What cutting off took from each part.</param>
    /// <returns>Per part the units that it got: 0 or 1.</returns>
    public static int[] Give(int units, BigInteger[] parts, BigInteger[] remainders)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentOutOfRangeException.ThrowIfNegative(units);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(units, parts.Length);
        var spare = new int[parts.Length];
        var luckiest = Enumerable.Range(0, parts.Length)
            .OrderByDescending(i => remainders[i])
            .ThenBy(i => i)
            .Take(units);
        foreach (var i in luckiest)
        {
            parts[i] += 1;
            spare[i] = 1;
        }

        return spare;
    }
}
