using System.Numerics;
using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Budgets;

/// <summary>
/// The natural limits of a series of months: a month outside differs by more than the series varies by itself.
/// </summary>
/// <remarks>
/// The chart of individual values and moving ranges (XmR), after W. A. Shewhart; limits at mean ± 2.66 × mean moving
/// range as in D. J. Wheeler, Understanding Variation: The Key to Managing Chaos, 2nd edition, SPC Press 2000. 2.66 is
/// 3 ÷ d₂ with d₂ = 1.128 for ranges of two values.
/// </remarks>
/// <param name="Mean">Of the values.</param>
/// <param name="MeanMovingRange">Of the differences between neighbours, without their sign.</param>
/// <param name="Lower">May be below zero.</param>
/// <param name="Upper">Beyond it lies what wants an explanation.</param>
public sealed record ControlLimits(decimal Mean, decimal MeanMovingRange, decimal Lower, decimal Upper)
{
    /// <summary>Fewer values say too little.</summary>
    public const int MinMonths = 8;

    private static readonly Rational Factor = new(266, 100);

    /// <summary>Reckoned exactly; each figure is rounded once. Null of too few values.</summary>
    /// <param name="charges">In the order of their months.</param>
    /// <param name="currency">Gives the minor unit.</param>
    public static ControlLimits? Of(IReadOnlyList<decimal> charges, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(charges);
        if (charges.Count < MinMonths) return null;

        var mean = MeanOf(charges);
        var range = MeanOf([.. charges.Skip(1).Zip(charges, (next, before) => decimal.Abs(next - before))]);
        return new ControlLimits(
            Rounded(mean), Rounded(range), Rounded(mean - Factor * range), Rounded(mean + Factor * range));

        decimal Rounded(Rational value) => value.Round(currency.Exponent);
    }

    public Position Place(decimal charge) =>
        charge > Upper ? Position.Above : charge < Lower ? Position.Below : Position.Within;

    private static Rational MeanOf(IReadOnlyList<decimal> values) =>
        values.Aggregate(Rational.Zero, (sum, value) => sum + Rational.From(value))
        * new Rational(BigInteger.One, values.Count);
}

/// <summary>Where a value lies; on a limit is within.</summary>
public enum Position
{
    Within,
    Above,
    Below,
}
