using CsCheck;
using InternalServices.Domain.Chargeback.Budgets;
using ServiceMesh.Primitives;

namespace InternalServices.Domain.Tests.Chargeback;

public sealed class BudgetTests
{
    private static readonly Currency Usd = Currency.Of("USD");
    private static readonly Period January = new(2026, 1);

    private static readonly Gen<decimal> Amounts = Gen.Int[0, 100_000].Select(cents => cents / 100m);

    private static readonly Gen<BudgetStanding> Standings = Gen.Select(Amounts, Amounts, Gen.Bool)
        .Array[1, 12]
        .Select(months => Standing(
            [.. months.Select(month => (month.Item1, month.Item3 ? month.Item2 : (decimal?)null))]));

    [Theory]
    [InlineData("99.99", BudgetUse.Within)]
    [InlineData("100.00", BudgetUse.Used)]
    [InlineData("100.01", BudgetUse.Exceeded)]
    public void All_of_a_budget_is_used_and_not_exceeded(string charged, BudgetUse use)
    {
        var standing = Standing((100m, decimal.Parse(charged, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(use, standing.Use);
        Assert.Equal(
            use == BudgetUse.Exceeded, BudgetAlert.Of(standing).Any(alert => alert.Signal != BudgetSignal.Used));
    }

    [Theory]
    [InlineData(4999, 0)]
    [InlineData(5000, 1)]
    [InlineData(7499, 1)]
    [InlineData(7500, 2)]
    [InlineData(9000, 3)]
    [InlineData(9999, 3)]
    [InlineData(10000, 4)]
    public void A_threshold_holds_once_it_is_reached(int cents, int reached) => Assert.Equal(
        BudgetAlert.Thresholds.Take(reached),
        BudgetAlert.Of(Standing((50m, cents / 100m), (50m, null)))
            .Where(alert => alert.Signal == BudgetSignal.Used)
            .Select(alert => alert.Threshold));

    [Fact]
    public void The_pace_counts_the_months_that_are_charged()
    {
        var standing = Standing((10m, 10m), (30m, 31m), (60m, null));
        Assert.Equal((40m, 41m, 100m), (standing.PlannedToDate, standing.Charged, standing.Planned));
        Assert.Equal(
            new BudgetAlert(BudgetSignal.Pace, 100, 41m, 40m),
            Assert.Single(BudgetAlert.Of(standing), alert => alert.Signal == BudgetSignal.Pace));
        Assert.DoesNotContain(
            BudgetAlert.Of(Standing((10m, 10m), (30m, 30m), (60m, null))), alert => alert.Signal == BudgetSignal.Pace);
    }

    [Fact]
    public void The_forecast_goes_on_with_the_mean_and_rounds_once()
    {
        Assert.Equal(
            133.36m,
            Standing((50m, 33.33m), (50m, 33.34m), (0m, 0.01m), (0m, null), (0m, null), (0m, null)).Forecast);
        Assert.Equal(33.33m, Standing((10m, 11.11m), (10m, null), (10m, null)).Forecast);
        Assert.Null(Standing((10m, null)).Forecast);
        Assert.Contains(
            BudgetAlert.Of(Standing((10m, 10.01m), (10m, null))),
            alert => alert == new BudgetAlert(BudgetSignal.Forecast, 100, 20.02m, 20m));
        Assert.DoesNotContain(
            BudgetAlert.Of(Standing((10m, 10m), (10m, null))), alert => alert.Signal == BudgetSignal.Forecast);
    }

    [Fact]
    public void Without_a_budget_any_charge_exceeds_it_and_none_does_not()
    {
        Assert.Empty(BudgetAlert.Of(Standing((0m, 0m))));
        Assert.Empty(BudgetAlert.Of(Standing((0m, null))));
        Assert.Contains(BudgetAlert.Of(Standing((0m, 0.01m))), alert => alert.Signal == BudgetSignal.Exceeded);
        Assert.Null(BudgetStanding.Share(1, 0));
    }

    [Fact]
    public void Nothing_is_told_twice() => Standings.Sample(standing =>
    {
        var told = BudgetAlert.Of(standing).Select(alert => (alert.Signal, alert.Threshold)).ToHashSet();
        Assert.Empty(BudgetAlert.New(standing, told));
        Assert.Equal(BudgetAlert.Of(standing), BudgetAlert.New(standing, new HashSet<(BudgetSignal, int)>()));
        Assert.Equal(told.Count, BudgetAlert.Of(standing).Count());
    });

    [Fact]
    public void Charging_more_never_takes_a_signal_back() => Gen.Select(Amounts, Amounts, Amounts).Sample(
        (planned, charged, more) => Assert.Empty(
            Signals(Standing((planned, charged), (planned, null)))
                .Except(Signals(Standing((planned, charged + more), (planned, null))))));

    [Fact]
    public void A_forecast_is_never_below_what_is_charged() => Standings.Sample(
        standing => Assert.True(standing.Latest is null || standing.Forecast >= standing.Charged));

    private static IEnumerable<(BudgetSignal, int)> Signals(BudgetStanding standing) =>
        BudgetAlert.Of(standing).Select(alert => (alert.Signal, alert.Threshold));

    private static BudgetStanding Standing(params (decimal Planned, decimal? Charged)[] months)
    {
        var month = January;
        var budgeted = new List<BudgetedMonth>();
        foreach (var (planned, charged) in months)
        {
            budgeted.Add(new BudgetedMonth(month, planned, charged));
            month = month.Next;
        }

        return BudgetStanding.Of(budgeted, Usd);
    }
}
