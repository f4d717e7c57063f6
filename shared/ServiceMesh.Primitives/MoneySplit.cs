using System.Numerics;

namespace ServiceMesh.Primitives;

/// <summary>Splits amounts of money into parts that always sum to the whole, by largest remainder.</summary>
public static class MoneySplit
{
    /// <summary>
    /// Splits an amount over weights: each part is |amount| × weight ÷ Σ weights cut off at the minor unit, and the
    /// minor units left over go one each to the largest fractions, ties to the earliest. A negative amount mirrors the
    /// positive.
    /// </summary>
    /// <param name="amount">A whole number of minor units.</param>
    /// <param name="currency">Gives the minor unit.</param>
    /// <param name="weights">Not negative, in the order in which ties are decided.</param>
    /// <returns>
    /// A part per weight, or <c>weights-zero</c>, <c>negative-weight</c> (with the index as pointer) or
    /// <c>amount-precision</c>.
    /// </returns>
    public static Outcome<decimal[]> ByWeights(decimal amount, Currency currency, IReadOnlyList<decimal> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (!currency.IsWhole(amount))
        {
            return Refusal.Rejected("amount-precision", $"{amount} is finer than the minor unit of {currency}.");
        }

        for (var i = 0; i < weights.Count; i++)
        {
            if (weights[i] < 0)
            {
                return Refusal.Rejected("negative-weight", $"The weight {weights[i]} is negative.", $"/{i}");
            }
        }

        return weights.All(weight => weight == 0)
            ? Refusal.Rejected("weights-zero", "The weights add up to zero, so nothing says who gets the amount.")
            : Array.ConvertAll(ByWholeWeights(amount, currency, SameScale(weights, out _)), part => part.Amount);
    }

    /// <summary>Like <see cref="ByWeights"/>, over weights that are exact beyond what a decimal holds.</summary>
    /// <param name="amount">A whole number of minor units.</param>
    /// <param name="currency">Gives the minor unit.</param>
    /// <param name="weights">Their sum is above zero; one below zero takes back what the others get too much.</param>
    public static SplitPart[] ByWholeWeights(decimal amount, Currency currency, IReadOnlyList<BigInteger> weights)
    {
        var (parts, spare) = LargestRemainder.Split(Units(decimal.Abs(amount), currency), weights);
        return SplitPart.Of(parts, spare, amount, currency);
    }

    /// <summary>
    /// Rounds exact amounts together: their sum is rounded, each part is floored towards −∞ at the minor unit, and the
    /// missing units go to the largest fractions, ties to the earliest.
    /// </summary>
    /// <remarks>Rounding each part by itself would give another total than the rounded sum.</remarks>
    public static decimal[] RoundTogether(IReadOnlyList<decimal> exact, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(exact);
        var scaled = SameScale(exact, out var decimals);
        var sum = scaled.Aggregate(BigInteger.Zero, (total, part) => total + part);
        var rounded = new Rational(sum, BigInteger.Pow(10, decimals)).Round(currency.Exponent);
        return RoundTo(rounded, scaled, decimals, currency);
    }

    /// <summary>Like <see cref="RoundTogether"/>, towards a total that was already rounded.</summary>
    /// <param name="total">Differs from the exact sum by less than one minor unit per part.</param>
    /// <param name="exact">The exact parts, in the order in which ties are decided.</param>
    /// <param name="currency">Gives the minor unit.</param>
    public static decimal[] RoundTowards(decimal total, IReadOnlyList<decimal> exact, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(exact);
        return RoundTo(total, SameScale(exact, out var decimals), decimals, currency);
    }

    /// <summary>The amount, which is a whole number of minor units, as that number.</summary>
    public static BigInteger Units(decimal amount, Currency currency) =>
        (Rational.From(amount) * new Rational(BigInteger.Pow(10, currency.Exponent), 1)).Numerator;

    private static decimal[] RoundTo(decimal total, BigInteger[] scaled, int decimals, Currency currency)
    {
        if (scaled.Length == 0)
        {
            return [];
        }

        var unit = BigInteger.Pow(10, decimals - currency.Exponent);
        var parts = new BigInteger[scaled.Length];
        var remainders = new BigInteger[scaled.Length];
        var left = Units(total, currency);
        for (var i = 0; i < scaled.Length; i++)
        {
            parts[i] = new Rational(scaled[i], unit).Floor();
            remainders[i] = scaled[i] - parts[i] * unit;
            left -= parts[i];
        }

        LargestRemainder.Give((int)left, parts, remainders);
        return Array.ConvertAll(parts, part => Rational.FromUnits(part, currency.Exponent));
    }

    /// <summary>All values as whole numbers of 10^-decimals, which is at least as fine as any minor unit.</summary>
    private static BigInteger[] SameScale(IReadOnlyList<decimal> values, out int decimals)
    {
        const int finestMinorUnit = 4;
        var finest = Math.Max(finestMinorUnit, values.Select(value => (int)value.Scale).DefaultIfEmpty(0).Max());
        decimals = finest;
        return
        [
            .. values.Select(value => Rational.Mantissa(value) * BigInteger.Pow(10, finest - value.Scale)),
        ];
    }
}

/// <summary>A part of an amount that was split.</summary>
/// <param name="Amount">In whole minor units.</param>
/// <param name="SpareUnits">
/// Minor units beyond the exact part cut off: 0 or 1, or −1 where the amount is negative and mirrors a positive one.
/// </param>
public readonly record struct SplitPart(decimal Amount, int SpareUnits)
{
    /// <summary>Parts of an absolute value, with the sign of the amount.</summary>
    public static SplitPart[] Of(BigInteger[] parts, int[] spare, decimal amount, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(spare);
        var sign = amount < 0 ? -1 : 1;
        return
        [
            .. parts.Select((part, i) =>
                new SplitPart(Rational.FromUnits(part * sign, currency.Exponent), spare[i] * sign)),
        ];
    }
}
