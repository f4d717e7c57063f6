using System.Globalization;
using CsCheck;

namespace ServiceMesh.Primitives.Tests;

public sealed class MoneySplitTests
{
    private static readonly Gen<Currency> Currencies = Gen.OneOf("JPY", "EUR", "KWD", "CLF").Select(Currency.Of);

    private static readonly Gen<decimal[]> Weights = Gen.Select(Gen.Long[0, 1_000_000_000], Gen.Int[0, 9])
        .Select((mantissa, scale) => new decimal((int)mantissa, 0, 0, false, (byte)scale))
        .Array[1, 12]
        .Where(weights => weights.Any(weight => weight > 0));

    /// <summary>Currency, a whole number of its minor units, weights.</summary>
    private static readonly Gen<(Currency Currency, decimal Amount, decimal[] Weights)> Splits =
        Gen.Select(Currencies, Gen.Long[-1_000_000_000_000_000_000, 1_000_000_000_000_000_000], Weights)
            .Select((currency, units, weights) => (currency, units * currency.MinorUnit, weights));

    private static readonly Gen<decimal[]> ExactAmounts =
        Gen.Select(Gen.Long[-1_000_000_000_000_000, 1_000_000_000_000_000], Gen.Int[0, 15])
            .Select((mantissa, scale) => mantissa * new decimal(1, 0, 0, false, (byte)scale))
            .Array[1, 20];

    [Fact]
    public void Parts_sum_to_the_whole() =>
        Splits.Sample(split => Parts(split).Sum() == split.Amount);

    [Fact]
    public void A_negative_amount_mirrors_the_positive() =>
        Splits.Sample(split => Parts(split)
            .SequenceEqual(Parts(split with { Amount = -split.Amount }).Select(part => -part)));

    [Fact]
    public void Every_part_is_the_exact_one_cut_off_or_one_unit_more() =>
        Splits.Sample(split =>
        {
            var total = Rational.From(split.Weights.Sum());
            return Parts(split with { Amount = decimal.Abs(split.Amount) }).Zip(split.Weights).All(part =>
            {
                var exact = Rational.From(decimal.Abs(split.Amount)) * Rational.From(part.Second) / total;
                var above = Rational.From(part.First) - exact;
                var unit = Rational.From(split.Currency.MinorUnit);
                return above < unit && above > -unit && (part.Second > 0 || part.First == 0);
            });
        });

    [Fact]
    public void Scaling_all_weights_changes_nothing() =>
        Splits.Sample(split => Parts(split)
            .SequenceEqual(Parts(split with { Weights = Array.ConvertAll(split.Weights, weight => weight * 7) })));

    [Fact]
    public void Whoever_gets_a_spare_unit_has_at_least_the_fraction_of_those_who_do_not() =>
        Splits.Sample(split =>
        {
            var positive = split with { Amount = decimal.Abs(split.Amount) };
            var total = Rational.From(split.Weights.Sum());
            var fractions = Parts(positive).Zip(split.Weights).Select(part =>
            {
                var units = Rational.From(positive.Amount / split.Currency.MinorUnit);
                var exact = units * Rational.From(part.Second) / total;
                var floor = new Rational(exact.Floor(), 1);
                return (Spare: Rational.From(part.First / split.Currency.MinorUnit) > floor, Fraction: exact - floor);
            }).ToList();
            return fractions.Where(part => part.Spare).All(lucky =>
                fractions.Where(part => !part.Spare).All(other => lucky.Fraction >= other.Fraction));
        });

    [Fact]
    public void Rounding_together_gives_the_rounded_total() =>
        Gen.Select(Currencies, ExactAmounts).Sample((currency, exact) =>
        {
            var parts = MoneySplit.RoundTogether(exact, currency);
            var sum = exact.Aggregate(Rational.Zero, (total, part) => total + Rational.From(part));
            return parts.Sum() == sum.Round(currency.Exponent)
                && parts.Zip(exact).All(part =>
                    Rational.From(part.First) > Rational.From(part.Second) - Rational.From(currency.MinorUnit)
                    && Rational.From(part.First) < Rational.From(part.Second) + Rational.From(currency.MinorUnit));
        });

    [Fact]
    public void Rounding_together_leaves_whole_amounts_as_they_are() =>
        Splits.Sample(split => MoneySplit.RoundTogether(Parts(split), split.Currency).SequenceEqual(Parts(split)));

    [Theory]
    [InlineData("0.004 0.004 0.004", "0.01 0.00 0.00")] // each by itself would be 0.00
    [InlineData("0.006 0.006 0.006", "0.01 0.01 0.00")] // each by itself would be 0.03 in total
    [InlineData("0.004 0.004 -1.006", "0.01 0.00 -1.01")] // cut off towards −∞: the fractions are 0.4, 0.4, 0.4
    [InlineData("-0.001 -0.009", "0.00 -0.01")] // the fractions are 0.9 and 0.1
    [InlineData("-0.005", "-0.01")]
    public void Rounding_together_gives_missing_units_to_the_largest_fractions(string exact, string rounded) =>
        Assert.Equal(Decimals(rounded), MoneySplit.RoundTogether(Decimals(exact), Currency.Of("EUR")));

    [Theory]
    [InlineData("0.34", "0.335 0.335 -0.335", "0.34 0.34 -0.34")]
    [InlineData("0.33", "0.335 0.335 -0.335", "0.34 0.33 -0.34")]
    public void Rounding_goes_towards_a_total_that_was_rounded_elsewhere(string total, string exact, string rounded) =>
        Assert.Equal(
            Decimals(rounded),
            MoneySplit.RoundTowards(Decimals(total)[0], Decimals(exact), Currency.Of("EUR")));

    [Fact]
    public void Nothing_splits_into_nothing() => Assert.Empty(MoneySplit.RoundTogether([], Currency.Of("EUR")));

    private static decimal[] Decimals(string text) =>
        Array.ConvertAll(text.Split(' '), part => decimal.Parse(part, CultureInfo.InvariantCulture));

    private static decimal[] Parts((Currency Currency, decimal Amount, decimal[] Weights) split) =>
        MoneySplit.ByWeights(split.Amount, split.Currency, split.Weights).Value;
}
