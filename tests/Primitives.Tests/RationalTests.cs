using System.Globalization;
using System.Numerics;
using CsCheck;

namespace ServiceMesh.Primitives.Tests;

public sealed class RationalTests
{
    private static readonly Gen<Rational> Rationals = Gen.Select(Gen.Long, Gen.Long)
        .Where((_, denominator) => denominator != 0)
        .Select((numerator, denominator) => new Rational(numerator, denominator));

    [Fact]
    public void Is_in_lowest_terms_with_a_positive_denominator()
    {
        Assert.Equal(new Rational(-2, 3), new Rational(4, -6));
        Assert.Equal("-2/3", new Rational(4, -6).ToString());
        Assert.Equal("0", default(Rational).ToString());
        Assert.Equal(Rational.Zero, new Rational(0, 5));
        Assert.Throws<DivideByZeroException>(() => new Rational(1, 0));
        Assert.Throws<DivideByZeroException>(() => Rational.One / Rational.Zero);
    }

    [Fact]
    public void Takes_a_decimal_exactly_and_gives_it_back() =>
        Gen.Decimal.Sample(value =>
        {
            var exact = Rational.From(value);
            return Rational.FromUnits(exact.Numerator * ScaleOf(value) / exact.Denominator, value.Scale) == value;
        });

    [Fact]
    public void Takes_the_largest_and_smallest_decimals_exactly()
    {
        Assert.Equal(BigInteger.Pow(2, 96) - 1, Rational.From(decimal.MaxValue).Numerator);
        Assert.Equal(1 - BigInteger.Pow(2, 96), Rational.From(decimal.MinValue).Numerator);
        Assert.Equal(decimal.MaxValue, Rational.From(decimal.MaxValue).Round(0));
        Assert.Equal(new Rational(1, BigInteger.Pow(10, 28)), Rational.From(0.0000000000000000000000000001m));
        Assert.Throws<OverflowException>(() => Rational.From(decimal.MaxValue).Round(1));
    }

    [Fact]
    public void Obeys_the_laws_of_a_field() =>
        Gen.Select(Rationals, Rationals, Rationals).Sample((a, b, c) =>
            a + b == b + a
            && a * (b + c) == a * b + a * c
            && a - b == -(b - a)
            && (b.Sign == 0 || a / b * b == a));

    [Fact]
    public void Is_ordered_like_the_difference() =>
        Gen.Select(Rationals, Rationals).Sample((a, b) => a.CompareTo(b) == (a - b).Sign);

    [Fact]
    public void Floor_is_the_whole_number_not_above() =>
        Rationals.Sample(value =>
            new Rational(value.Floor(), 1) <= value && value < new Rational(value.Floor() + 1, 1));

    [Theory]
    [InlineData(1, 8, 2, "0.13")]
    [InlineData(-1, 8, 2, "-0.13")]
    [InlineData(1, 3, 4, "0.3333")]
    [InlineData(2, 3, 0, "1")]
    [InlineData(-1, 2, 0, "-1")]
    [InlineData(1, 1000, 2, "0.00")]
    public void Rounds_half_away_from_zero(int numerator, int denominator, int decimals, string expected) =>
        Assert.Equal(
            expected,
            new Rational(numerator, denominator).Round(decimals).ToString(CultureInfo.InvariantCulture));

    private static BigInteger ScaleOf(decimal value) => BigInteger.Pow(10, value.Scale);
}
