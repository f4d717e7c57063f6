using System.Globalization;

namespace Benchmarks;

/// <summary>Requests at a fixed rate over as many connections as the full load has, each timed by itself.</summary>
internal static class PacedLoad
{
    private const int Connections = 32;
    private const int Seconds = 5;
    private const int MicrosecondsColumn = 2;

    /// <returns>The 99th percentile in milliseconds.</returns>
    public static async Task<double> P99(Uri url, string token, double requestsPerSecond)
    {
        var log = Path.GetTempFileName();
        try
        {
            await Tool.Run(
                "h2load", "--h1", $"--clients={Connections}", "--threads=1", $"--duration={Seconds}",
                $"--rps={(requestsPerSecond / Connections).ToString("F0", CultureInfo.InvariantCulture)}",
                $"--log-file={log}", $"--header=Authorization: Bearer {token}", url.ToString());
            return Percentile(await File.ReadAllLinesAsync(log), requestsPerSecond);
        }
        finally
        {
            File.Delete(log);
        }
    }

    private static double Percentile(string[] requests, double requestsPerSecond)
    {
        var answers = requests.Select(line => line.Split('\t')).ToArray();
        if (answers.Any(answer => answer[1] != "200")) throw new InvalidOperationException("A request failed.");
        if (answers.Length < 0.9 * requestsPerSecond * Seconds)
            throw new InvalidOperationException($"The pace was not kept: {answers.Length} requests were answered.");

        var sorted = answers.Select(answer => long.Parse(answer[MicrosecondsColumn], CultureInfo.InvariantCulture))
            .Order().ToArray();
        return sorted[sorted.Length * 99 / 100] / 1_000.0;
    }
}
