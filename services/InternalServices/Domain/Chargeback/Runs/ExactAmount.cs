using System.Numerics;
using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>Sums without rounding and in any order: amounts as whole numbers of 10^-15.</summary>
internal static class ExactAmount
{
    public const int Decimals = 15;

    private const decimal Limit = 10_000_000_000_000m;
    private const decimal UnitsPerOne = 1_000_000_000_000_000m;
    private const int QuotientDecimals = 12;

    private static readonly Rational QuotientLimit = Rational.From(1_000_000_000_000m);

    /// <summary>Whether the amount is below 10^13 and has at most fifteen decimals.</summary>
    public static bool TryUnits(decimal amount, out Int128 units)
    {
        units = 0;
        if (decimal.Abs(amount) >= Limit)
        {
            return false;
        }

        // 13 digits before the point and 15 after are 28: the product is exact.
        var scaled = amount * UnitsPerOne;
        units = (Int128)scaled;
        return scaled == decimal.Truncate(scaled);
    }

    /// <summary>The amount, which has at most fifteen decimals, as whole number of units.</summary>
    /// <exception cref="OverflowException">The amount is beyond the sums of two amounts in range.</exception>
    public static BigInteger Units(decimal amount) => (BigInteger)(amount * UnitsPerOne);

    /// <summary>The same number without trailing zeros, so that equal numbers are equal texts.</summary>
    public static decimal Canonical(decimal amount) =>
        TryUnits(amount, out var units) ? FromUnits(units)!.Value : amount;

    /// <summary>The amount without trailing zeros, or null from 10^13.</summary>
    public static decimal? FromUnits(Int128 units) =>
        Int128.Abs(units) < (Int128)(Limit * UnitsPerOne) ? (decimal)units / UnitsPerOne : null;

    /// <summary>A fraction of units, rounded half away from zero to whole ones.</summary>
    public static decimal FromUnits(BigInteger numerator, BigInteger denominator)
    {
        var units = BigInteger.DivRem(BigInteger.Abs(numerator), denominator, out var rest);
        units += 2 * rest >= denominator ? 1 : 0;
        return Rational.FromUnits(numerator.Sign < 0 ? -units : units, Decimals);
    }

    /// <summary>A quotient for display at twelve decimals; null from 10^12.</summary>
    public static decimal? Quotient(decimal amount, decimal quantity)
    {
        var exact = Rational.From(amount) / Rational.From(quantity);
        return exact < QuotientLimit && exact > -QuotientLimit ? exact.Round(QuotientDecimals) : null;
    }
}
