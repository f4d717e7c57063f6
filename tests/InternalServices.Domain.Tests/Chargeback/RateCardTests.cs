using CsCheck;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Primitives;
using static InternalServices.Domain.Tests.Chargeback.AllocationInputs;

namespace InternalServices.Domain.Tests.Chargeback;

public sealed class RateCardTests
{
    private static readonly RateTier[] Tiers = [new(10, 2m, 1m), new(20, 1m, 5m), new(null, 0.5m)];

    [Theory]
    [InlineData(RateMode.Graduated, "0", "0")]
    [InlineData(RateMode.Graduated, "4", "9")]
    [InlineData(RateMode.Graduated, "10", "21")]
    [InlineData(RateMode.Graduated, "10.5", "26.5")]
    [InlineData(RateMode.Graduated, "20", "36")]
    [InlineData(RateMode.Graduated, "24", "38")]
    [InlineData(RateMode.Volume, "0", "0")]
    [InlineData(RateMode.Volume, "10", "21")]
    [InlineData(RateMode.Volume, "10.5", "15.5")]
    [InlineData(RateMode.Volume, "20", "25")]
    [InlineData(RateMode.Volume, "24", "12")]
    public void Tiers_price_up_to_their_bound(RateMode mode, string quantity, string expected) =>
        Assert.Equal(Rational.From(Number(expected)), new RateCard(mode, Tiers).Charge(Number(quantity)));

    [Theory]
    [InlineData(DifferencePolicy.CarryForward, LineKind.CarryForward)]
    [InlineData(DifferencePolicy.Absorb, LineKind.Absorbed)]
    public void The_owner_bears_the_difference_unless_it_is_trued_up(DifferencePolicy policy, LineKind kind)
    {
        var run = Allocation.Calculate(Of(Charged(100.004m, policy, ("A", 10.25m), ("B", 20m)))).Value;

        Assert.Equal(
            [("A", LineKind.RateCard, 30.75m), ("B", LineKind.RateCard, 60m), ("C", kind, 9.25m)],
            run.Lines.Select(line => (line.Department, line.Kind, line.Amount)));
        Assert.Equal(9.254m, run.Lines[2].Exact);
        Assert.Equal(100m, run.Certificate.PoolTotal);
    }

    [Fact]
    public void Charges_too_high_are_given_back_mirrored()
    {
        var run = Allocation.Calculate(Of(Charged(8.99m, DifferencePolicy.TrueUp, ("A", 1), ("B", 1), ("C", 1)))).Value;

        Assert.Equal([3m, 3m, 3m], run.Lines.Where(line => line.Kind == LineKind.RateCard).Select(line => line.Amount));
        Assert.Equal(
            [-0.01m, 0m, 0m],
            run.Lines.Where(line => line.Kind == LineKind.TrueUp).Select(line => line.Amount));
    }

    [Fact]
    public void Use_is_charged_though_nothing_was_spent()
    {
        var run = Allocation.Calculate(Of(Charged(0m, DifferencePolicy.Absorb, ("A", 2)))).Value;

        Assert.Equal([6m, -6m], run.Lines.Select(line => line.Amount));
    }

    [Fact]
    public void Without_cost_and_use_nothing_is_charged_and_nothing_refused() =>
        Assert.Empty(Allocation.Calculate(Of(Charged(0m, DifferencePolicy.TrueUp, ("A", 0)))).Value.Lines);

    [Fact]
    public void Nothing_leaks_whatever_the_price() =>
        Gen.Select(Gen.Long[-99_999, 99_999], Gen.Int[1, 99], Gen.Int[0, 99], Gen.Enum<DifferencePolicy>())
            .Sample((units, a, b, policy) =>
            {
                var pool = Charged(units / 1000m, policy, ("A", a / 7m), ("B", b));
                pool = pool with { Drivers = [.. pool.Drivers.Select(Rounded)] };
                var run = Allocation.Calculate(Of(pool)).Value;
                return run.Lines.Sum(line => line.Amount) == run.Certificate.PoolTotal
                    && decimal.Abs(run.Lines.Sum(line => line.Exact) - units / 1000m) < 0.02m;
            });

    [Fact]
    public void What_is_no_rate_card_is_refused()
    {
        AssertRefused("rate-card-unsound", []);
        AssertRefused("rate-card-unsound", [new(10, 1m)]);
        AssertRefused("rate-card-unsound", [new(null, 1m), new(null, 1m)]);
        AssertRefused("rate-card-unsound", [new(10, 1m), new(10, 1m), new(null, 1m)]);
        AssertRefused("rate-card-unsound", [new(0, 1m), new(null, 1m)]);
        AssertRefused("rate-card-unsound", [new(null, -1m)]);
        AssertRefused("rate-card-unsound", [new(null, 1m, -1m)]);
        AssertRefused("amount-out-of-range", [new(null, 9_999_999_999_999m)]);
    }

    private static void AssertRefused(string code, RateTier[] tiers)
    {
        var charging = new RateCardCharging(new RateCard(RateMode.Volume, tiers), DifferencePolicy.TrueUp, "A");
        var pool = Pool("P", 1m, ("A", 2)) with { RateCard = charging };
        Assert.Equal(code, Allocation.Calculate(Of(pool)).Refusal?.Code);
    }

    private static CostPool Charged(decimal cost, DifferencePolicy policy, params (string, decimal)[] drivers) =>
        Pool("P", cost, drivers) with { RateCard = new RateCardCharging(RateCard.PerUnit(3m), policy, "C") };

    private static DriverQuantity Rounded(DriverQuantity driver) =>
        driver with { Quantity = decimal.Round(driver.Quantity, 6, MidpointRounding.ToZero) };

    private static decimal Number(string text) =>
        decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
