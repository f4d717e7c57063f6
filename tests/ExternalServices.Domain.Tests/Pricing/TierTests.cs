using CsCheck;
using ExternalServices.Domain.Pricing;
using ServiceMesh.Primitives;
using static ExternalServices.Domain.Tests.TestContracts;

namespace ExternalServices.Domain.Tests.Pricing;

public sealed class TierTests
{
    private static readonly PriceTier[] Tiers = [new(10, 2m, 5m), new(20, 1m), new(null, 0.5m, 3m)];

    private static readonly Gen<decimal> AnyQuantity =
        Gen.Long[0, 5_000_000].Select(thousandths => thousandths / 1_000m);

    private static readonly Gen<PriceTier[]> AnyTiers =
        from widths in Gen.Long[1, 900_000].Array[0, 5]
        from prices in Gen.Int[0, 9_999_999].Array[6]
        from fees in Gen.Int[0, 500].Array[6]
        select TiersOf(widths, prices, fees);

    [Fact]
    public void The_steps_tell_which_part_lies_in_which_tier()
    {
        var rated = Rating.Rate(new GraduatedCharge(Tiers), 12.5m, Euro).Value;

        Assert.Equal(
            [
                new RatingStep(RatingStepKind.FlatFee, 1, 5m) { Above = 0, UpTo = 10 },
                new RatingStep(RatingStepKind.Units, 10m, 2m) { Above = 0, UpTo = 10 },
                new RatingStep(RatingStepKind.Units, 2.5m, 1m) { Above = 10, UpTo = 20 },
            ],
            rated.Steps);
        Assert.Equal(27.50m, rated.Amount);
    }

    [Fact]
    public void A_volume_price_tells_its_one_tier()
    {
        var rated = Rating.Rate(new VolumeCharge(Tiers), 20.1m, Euro).Value;

        Assert.Equal(
            [
                new RatingStep(RatingStepKind.FlatFee, 1, 3m) { Above = 20 },
                new RatingStep(RatingStepKind.Units, 20.1m, 0.5m) { Above = 20 },
            ],
            rated.Steps);
    }

    [Fact]
    public void A_quantity_above_a_bounded_last_tier_is_refused()
    {
        PriceTier[] bounded = [new(10, 2m), new(20, 1m)];

        Assert.Equal("above-last-tier", Rating.Rate(new GraduatedCharge(bounded), 20.001m, Euro).Refusal?.Code);
        Assert.Equal("above-last-tier", Rating.Rate(new VolumeCharge(bounded), 20.001m, Euro).Refusal?.Code);
        Assert.Equal(20.00m, Rating.Rate(new VolumeCharge(bounded), 20m, Euro).Value.Amount);
    }

    [Fact]
    public void Unusable_tiers_are_named()
    {
        Assert.Equal([("/tiers", "tiers-missing")], Found());
        Assert.Equal([("/tiers/1/upTo", "tiers-not-ascending")], Found(new(10), new(10), new(null)));
        Assert.Equal([("/tiers/0/upTo", "tiers-not-ascending")], Found(new PriceTier(0)));
        Assert.Equal([("/tiers/0/upTo", "tier-after-last")], Found(new(null), new(null)));
        Assert.Equal(
            [("/tiers/0/unitPrice", "negative"), ("/tiers/0/flatFee", "negative")],
            Found(new PriceTier(null, -1m, -1m)));
        Assert.Equal(
            ("/tiers/0/rate", "negative"),
            new GraduatedPercentageCharge([new PercentageTier(null, -1m)]).Check()
                .Select(field => (field.Pointer, field.Code)).Single());
    }

    [Fact]
    public void Graduated_rating_in_parts_sums_to_rating_the_whole() =>
        Gen.Select(AnyTiers, AnyQuantity, AnyQuantity).Sample((tiers, first, more) =>
            IsAdditive(new GraduatedCharge(tiers), first, more));

    [Fact]
    public void Package_rating_in_parts_sums_to_rating_the_whole() =>
        Gen.Select(Gen.Int[1, 5_000], Gen.Int[0, 3_000], AnyQuantity, AnyQuantity).Sample((size, free, first, more) =>
            IsAdditive(new PackageCharge(0.07m, size / 8m, free), first, more));

    [Fact]
    public void Graduated_rating_is_the_integral_of_its_unit_prices() =>
        Gen.Select(AnyTiers, Gen.Int[0, 1_000]).Sample((tiers, quantity) =>
        {
            var byUnit = Rational.Zero;
            foreach (var unit in Enumerable.Range(0, quantity))
            {
                byUnit += Rating.RateGrowth(
                    new GraduatedCharge(tiers), new MeteredUsage(unit), new MeteredUsage(unit + 1), Euro).Value.Exact;
            }

            Assert.Equal(Rating.Rate(new GraduatedCharge(tiers), quantity, Euro).Value.Exact, byUnit);
        }, iter: 5);

    [Fact]
    public void A_dearer_quantity_never_costs_less_in_graduated_tiers() =>
        Gen.Select(AnyTiers, AnyQuantity, AnyQuantity).Sample((tiers, first, more) =>
            Assert.True(
                Rating.Rate(new GraduatedCharge(tiers), first, Euro).Value.Amount
                <= Rating.Rate(new GraduatedCharge(tiers), first + more, Euro).Value.Amount));

    private static void IsAdditive(ChargeModel model, decimal first, decimal more)
    {
        var part = Rating.Rate(model, first, Euro).Value;
        var growth = Rating.RateGrowth(model, new MeteredUsage(first), new MeteredUsage(first + more), Euro).Value;
        var whole = Rating.Rate(model, first + more, Euro).Value;

        Assert.Equal(whole.Exact, part.Exact + growth.Exact);
    }

    private static List<(string, string)> Found(params PriceTier[] tiers) =>
        new GraduatedCharge(tiers).Check().Select(field => (field.Pointer, field.Code)).ToList();

    private static PriceTier[] TiersOf(long[] widths, int[] prices, int[] fees)
    {
        var bounds = widths.Select((_, i) => (decimal?)(widths.Take(i + 1).Sum() / 1_000m)).Append(null);
        return [.. bounds.Select((bound, i) => new PriceTier(bound, prices[i] / 1_000_000m, fees[i]))];
    }
}
