namespace ServiceMesh.Printing;

/// <summary>Where the parts of a chart stand, in thousandths of the document's width; the same on paper and on a page.</summary>
internal sealed record ChartLayout(int Height, int Zero, IReadOnlyList<ChartLayout.PlacedBar> Bars)
{
    public const int Width = 1000;

    /// <summary>Labels stand left of it.</summary>
    public const int PlotLeft = 300;

    public const int BarHeight = 26;

    private const int PlotRight = 790;
    private const int Pitch = 40;

    /// <param name="X">Left end; a negative amount goes left from zero.</param>
    public sealed record PlacedBar(string Label, string Amount, BarTone Tone, int X, int Y, int Length);

    public static ChartLayout Of(Block.Chart chart, PrintLanguage language)
    {
        var amounts = chart.Bars.Select(bar => bar.Amount?.Amount ?? 0).Append(0).ToArray();
        var (lowest, highest) = (amounts.Min(), amounts.Max());
        var zero = Place(0, lowest, highest);
        return new ChartLayout(
            chart.Bars.Count * Pitch,
            zero,
            [
                .. chart.Bars.Select((bar, index) =>
                {
                    var end = Place(bar.Amount?.Amount ?? 0, lowest, highest);
                    return new PlacedBar(
                        bar.Label,
                        bar.Amount is { } amount ? language.Format(amount) : "–",
                        bar.Tone,
                        Math.Min(zero, end),
                        index * Pitch + (Pitch - BarHeight) / 2,
                        Math.Abs(end - zero));
                }),
            ]);
    }

    private static int Place(decimal amount, decimal lowest, decimal highest) =>
        lowest == highest ? PlotLeft : PlotLeft + (int)((amount - lowest) / (highest - lowest) * (PlotRight - PlotLeft));
}
