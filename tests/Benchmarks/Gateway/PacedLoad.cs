using System.Diagnostics;

namespace Benchmarks;

/// <summary>Requests at a fixed rate, whether or not the answers keep up; each is timed from its own start.</summary>
internal static class PacedLoad
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);

    /// <returns>The 99th percentile in milliseconds.</returns>
    public static async Task<double> P99(Uri url, string token, double requestsPerSecond)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var answers = new List<Task<TimeSpan>>();
        using var timer = new PeriodicTimer(Tick);
        var started = Stopwatch.GetTimestamp();
        for (var elapsed = TimeSpan.Zero; elapsed < Duration; elapsed = Stopwatch.GetElapsedTime(started))
        {
            while (answers.Count < elapsed.TotalSeconds * requestsPerSecond) answers.Add(Time(client, url));
            await timer.WaitForNextTickAsync();
        }

        var sorted = (await Task.WhenAll(answers)).Order().ToArray();
        return sorted[sorted.Length * 99 / 100].TotalMilliseconds;
    }

    private static async Task<TimeSpan> Time(HttpClient client, Uri url)
    {
        var started = Stopwatch.GetTimestamp();
        using var answer = await client.GetAsync(url);
        answer.EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(started);
    }
}
