using ServiceMesh.Primitives;
using ServiceMesh.Printing;

namespace Printing.Tests;

public sealed class ChartLayoutTests
{
    [Fact]
    public void Bars_are_as_long_as_their_amounts()
    {
        var bars = Layout(100, 50, null).Bars;
        Assert.Equal((490, 245, 0), (bars[0].Length, bars[1].Length, bars[2].Length));
        Assert.All(bars, bar => Assert.Equal(ChartLayout.PlotLeft, bar.X));
    }

    [Fact]
    public void A_credit_goes_left_from_zero()
    {
        var chart = Layout(30, -10);
        Assert.Equal(chart.Zero, chart.Bars[0].X);
        Assert.Equal(chart.Zero, chart.Bars[1].X + chart.Bars[1].Length);
        Assert.Equal(ChartLayout.PlotLeft, chart.Bars[1].X);
    }

    [Fact]
    public void Nothing_to_show_is_a_chart_too() => Assert.All(Layout(0, null).Bars, bar => Assert.Equal(0, bar.Length));

    private static ChartLayout Layout(params int?[] amounts) => ChartLayout.Of(
        new Block.Chart("", [.. amounts.Select(amount => new Bar("", amount is { } value ? new Money(value, Sample.Usd) : null))]),
        PrintLanguage.English);
}
