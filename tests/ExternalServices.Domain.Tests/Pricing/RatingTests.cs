using ExternalServices.Domain.Pricing;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Tests.Pricing;

public sealed class RatingTests
{
    private static readonly Currency Euro = Currency.Of("EUR");

    [Fact]
    public void Free_units_are_taken_off_before_the_price()
    {
        var rated = Rating.Rate(new PerUnitCharge(2m, Free: 10), 12.5m, Euro).Value;

        Assert.Equal(5.00m, rated.Amount);
        Assert.Equal([new RatingStep(RatingStepKind.Units, 2.5m, 2m)], rated.Steps);
    }

    [Fact]
    public void Usage_below_the_free_units_costs_nothing() =>
        Assert.Equal(0m, Rating.Rate(new PerUnitCharge(2m, Free: 10), 9.99m, Euro).Value.Amount);

    [Fact]
    public void A_product_beyond_28_digits_stays_exact()
    {
        const decimal quantity = 1_234_567_890_123.123456789012345m;
        const decimal price = 987_654_321_098.123456789012m;

        var rated = Rating.Rate(new PerUnitCharge(price, BaseQuantity: 1_000_000m), quantity, Euro).Value;

        Assert.Equal(
            "60966315568454808656686142353911159200303826417657/50000000000000000000000000000000", $"{rated.Exact}");
    }

    [Fact]
    public void A_negative_quantity_is_refused() =>
        Assert.Equal("quantity-negative", Rating.Rate(new PerUnitCharge(1m), -0.1m, Euro).Refusal?.Code);

    [Theory]
    [InlineData(-1, 1, 0, "/unitPrice", "negative")]
    [InlineData(1, 0, 0, "/baseQuantity", "not-positive")]
    [InlineData(1, 1, -1, "/free", "negative")]
    public void An_unusable_price_names_its_member(int price, int baseQuantity, int free, string pointer, string code)
    {
        var found = Assert.Single(new PerUnitCharge(price, baseQuantity, free).Check());

        Assert.Equal((pointer, code), (found.Pointer, found.Code));
    }

    [Fact]
    public void A_usable_price_has_nothing_to_say() => Assert.Empty(new PerUnitCharge(0.023m, 1000, 5).Check());
}
