using CsCheck;
using InternalServices.Domain.Chargeback.Budgets;
using ServiceMesh.Primitives;

namespace InternalServices.Domain.Tests.Chargeback;

public sealed class ControlLimitsTests
{
    private static readonly Currency Usd = Currency.Of("USD");

    private static readonly Gen<decimal[]> Series =
        Gen.Int[-1_000_000, 1_000_000].Select(cents => cents / 100m).Array[ControlLimits.MinMonths, 40];

    /// <summary>
    /// The flow rates of the NIST/SEMATECH e-Handbook of Statistical Methods, section 6.3.2.2, which gives a mean of
    /// 50.81, a mean moving range of 1.8778 and limits of 45.8159 and 55.8041.
    /// </summary>
    [Fact]
    public void Published_limits_are_met() => Assert.Equal(
        new ControlLimits(50.81m, 1.88m, 45.82m, 55.80m),
        ControlLimits.Of([49.6m, 47.6m, 49.9m, 51.3m, 47.8m, 51.2m, 52.6m, 52.4m, 53.6m, 52.1m], Usd));

    [Fact]
    public void Fewer_than_eight_say_too_little()
    {
        Assert.Null(ControlLimits.Of([1, 2, 3, 4, 5, 6, 7], Usd));
        Assert.NotNull(ControlLimits.Of([1, 2, 3, 4, 5, 6, 7, 8], Usd));
    }

    [Fact]
    public void What_is_on_a_limit_is_within()
    {
        var limits = new ControlLimits(10, 1, 7.34m, 12.66m);
        Assert.Equal(
            [Position.Below, Position.Within, Position.Within, Position.Above],
            new[] { 7.33m, 7.34m, 12.66m, 12.67m }.Select(limits.Place));
    }

    [Fact]
    public void A_series_that_never_changes_has_no_width() => Assert.Equal(
        new ControlLimits(5.25m, 0, 5.25m, 5.25m), ControlLimits.Of([.. Enumerable.Repeat(5.25m, 9)], Usd));

    [Fact]
    public void A_mirrored_series_has_mirrored_limits_and_a_reversed_one_the_same() => Series.Sample(series =>
    {
        var limits = ControlLimits.Of(series, Usd)!;
        var mirrored = ControlLimits.Of([.. series.Select(value => -value)], Usd)!;
        Assert.Equal((-limits.Mean, limits.MeanMovingRange), (mirrored.Mean, mirrored.MeanMovingRange));
        Assert.Equal((-limits.Upper, -limits.Lower), (mirrored.Lower, mirrored.Upper));
        Assert.Equal(limits, ControlLimits.Of([.. series.Reverse()], Usd));
    });
}
