namespace Benchmarks;

/// <summary>One row of the README's table.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Ours">Ours, with its unit.</param>
/// <param name="Peer">The peer's or the limit's in the same run, with its unit.</param>
/// <param name="Ratio">Ours to the peer's: the median of the pairs.</param>
/// <param name="Aim">What is aimed at.</param>
internal sealed record Figure(string What, string Ours, string Peer, string Ratio, string Aim)
{
    public static void Print(IEnumerable<Figure> figures)
    {
        Console.WriteLine("| what | ours | peer or limit in the same run | ratio | aim |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var row in figures)
        {
            Console.WriteLine($"| {row.What} | {row.Ours} | {row.Peer} | {row.Ratio} | {row.Aim} |");
        }
    }
}

/// <summary>Measures in turn, so that a machine whose speed drifts is fair to both.</summary>
internal static class Pairs
{
    private const int Counted = 5;

    /// <summary>One pair to warm up, then five: the medians of both and of the pairs' ratios.</summary>
    public static async Task<(double Ours, double Peer, double Ratio)> Measure(
        Func<Task<double>> ours, Func<Task<double>> peer)
    {
        List<(double Ours, double Peer)> pairs = [];
        for (var i = 0; i <= Counted; i++)
        {
            var pair = (await ours(), await peer());
            Console.Error.WriteLine($"  {pair.Item1:N0} : {pair.Item2:N0}{(i == 0 ? " (warm-up)" : "")}");
            if (i > 0) pairs.Add(pair);
        }

        return (
            Median(pairs.Select(pair => pair.Ours)),
            Median(pairs.Select(pair => pair.Peer)),
            Median(pairs.Select(pair => pair.Ours / pair.Peer)));
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
