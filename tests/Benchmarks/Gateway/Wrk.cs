using System.Globalization;
using System.Text.RegularExpressions;

namespace Benchmarks;

/// <summary>What one run of wrk found.</summary>
internal sealed partial record Wrk(double RequestsPerSecond, long Requests)
{
    private const int Connections = 32;
    private const int Seconds = 5;

    /// <summary>As many requests as the path to the service carries.</summary>
    public static async Task<Wrk> Saturate(Uri url, string token)
    {
        var report = await Tool.Run(
            "wrk", "-t1", $"-c{Connections}", $"-d{Seconds}s", "-H", $"Authorization: Bearer {token}", url.ToString());
        return Failure().IsMatch(report)
            ? throw new InvalidOperationException($"Not every request was answered: {report}")
            : new Wrk(Read(PerSecond(), report), (long)Read(Total(), report));
    }

    private static double Read(Regex figure, string report) =>
        double.Parse(figure.Match(report).Groups["n"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("Non-2xx|Socket errors")]
    private static partial Regex Failure();

    [GeneratedRegex(@"Requests/sec:\s+(?<n>[\d.]+)")]
    private static partial Regex PerSecond();

    [GeneratedRegex(@"(?<n>\d+) requests in")]
    private static partial Regex Total();
}
