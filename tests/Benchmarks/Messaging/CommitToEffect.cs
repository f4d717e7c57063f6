using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ServiceMesh.Data;
using ServiceMesh.Messaging;

namespace Benchmarks.Messaging;

/// <summary>
/// At a steady pace of commits with one event each: from the end of the commit to the end of the commit of the effect,
/// on one clock. Commits keep their pace whatever is still under way.
/// </summary>
internal static class CommitToEffect
{
    private const int PerSecond = 200;
    private const int Events = 4_000;
    private const int WarmUp = 400;

    public static async Task<IReadOnlyList<Figure>> Measure()
    {
        await using var bench = await Bench.Create();
        using var host = bench.Build();
        var progress = host.Services.GetRequiredService<Progress>();
        progress.Expected = Events;
        await host.StartAsync();
        var sorted = (await Run(host, progress)).Order().ToArray();
        await host.StopAsync();
        return
        [
            Row("p50", sorted[sorted.Length / 2], "≤ 10 ms"),
            Row("p99", sorted[sorted.Length * 99 / 100], "≤ 50 ms"),
            Row("longest", sorted[^1], "–"),
        ];

        static Figure Row(string what, double milliseconds, string aim) =>
            new($"commit → effect at {PerSecond} events/s, {what}", $"{milliseconds:0.0} ms", "–", "–", aim);
    }

    private static async Task<IEnumerable<double>> Run(IHost host, Progress progress)
    {
        var database = host.Services.GetRequiredService<Database>();
        var outbox = host.Services.GetRequiredService<Outbox>();
        var committed = new ConcurrentDictionary<Guid, long>();
        var commits = new List<Task>();
        var started = Stopwatch.GetTimestamp();
        foreach (var (number, sent) in Bench.Events(Events, aggregates: 1_000).Index())
        {
            var due = TimeSpan.FromSeconds((double)number / PerSecond);
            while (Stopwatch.GetElapsedTime(started) < due) await Task.Delay(TimeSpan.FromMilliseconds(1));
            commits.Add(database.InTransaction(Tenant.Provider, async transaction =>
            {
                await outbox.Add(transaction, sent);
                transaction.AfterCommit(() => committed[sent.EventId] = Stopwatch.GetTimestamp());
            }, default));
        }

        await Task.WhenAll(commits);
        await progress.Done.WaitAsync(Bench.Patience);
        return progress.Effects
            .Where(effect => committed.ContainsKey(effect.Key))
            .OrderBy(effect => effect.Value)
            .Skip(WarmUp)
            .Select(effect => Stopwatch.GetElapsedTime(committed[effect.Key], effect.Value).TotalMilliseconds);
    }
}
