using ExternalServices.Domain.Pricing;
using static ExternalServices.Domain.Tests.TestContracts;

namespace ExternalServices.Domain.Tests.Pricing;

public sealed class PercentageChargeTests
{
    private static readonly PercentageCharge Bounded = new(1m, PerTransactionMin: 0.50m, PerTransactionMax: 3.00m);

    [Fact]
    public void Transactions_at_a_bound_are_counted_and_the_others_share_the_rate()
    {
        var usage = new MeteredUsage(1_860m) { Transactions = [10m, 100m, 1_000m, 50m, 300m, 400m] };

        var rated = Rating.Rate(Bounded, usage, Euro).Value;

        Assert.Equal(
            [
                new RatingStep(RatingStepKind.Percentage, 450m, 1m, 100),
                new RatingStep(RatingStepKind.TransactionMinimum, 1, 0.50m),
                new RatingStep(RatingStepKind.TransactionMaximum, 2, 3.00m),
            ],
            rated.Steps);
        Assert.Equal(11.00m, rated.Amount);
    }

    [Fact]
    public void Bounds_need_every_transaction()
    {
        Assert.Equal("transactions-missing", Rating.Rate(Bounded, 1_110m, Euro).Refusal?.Code);
        Assert.Equal(0m, Rating.Rate(Bounded, 0m, Euro).Value.Amount);
    }

    [Fact]
    public void Unusable_percentages_are_named()
    {
        Assert.Equal(["/perTransactionMin bounds-crossed"], Found(new(1m, PerTransactionMin: 2, PerTransactionMax: 1)));
        Assert.Equal(["/free bounds-with-free"], Found(new(1m, Free: 5, PerTransactionMin: 1)));
        Assert.Equal(
            ["/rate negative", "/free negative", "/fixed negative", "/perTransactionMin negative"],
            Found(new(-1m, -1m, -1m, -1m)).Take(4));
        Assert.Empty(Found(new(2.9m, 100m, 0.25m)));
    }

    [Fact]
    public void Unusable_packages_are_named() =>
        Assert.Equal(
            ["/price", "/size", "/free"], new PackageCharge(-1m, 0m, -1m).Check().Select(field => field.Pointer));

    private static List<string> Found(PercentageCharge charge) =>
        charge.Check().Select(field => $"{field.Pointer} {field.Code}").ToList();
}
