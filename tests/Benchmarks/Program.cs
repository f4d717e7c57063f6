using Benchmarks;
using Benchmarks.Messaging;

var benchmarks = new Dictionary<string, Func<Task<IReadOnlyList<Figure>>>>
{
    ["relay"] = RelayThroughput.Measure,
    ["consumer"] = ConsumerThroughput.Measure,
    ["latency"] = CommitToEffect.Measure,
    ["ingest"] = UsageIngest.Measure,
    ["gateway"] = GatewayAgainstNginx.Measure,
    ["start"] = ColdStart.Measure,
    ["allocation"] = ReciprocalAllocation.Measure,
    ["import"] = CostImportAgainstCopy.Measure,
    ["run"] = MonthRun.Measure,
    ["run-tenfold"] = MonthRun.MeasureTenfold,
};

var wanted = args.Length == 0 ? [.. benchmarks.Keys] : args;
if (wanted.Except(benchmarks.Keys).ToArray() is { Length: > 0 } unknown)
{
    Console.Error.WriteLine($"Unknown: {string.Join(", ", unknown)}. Known: {string.Join(", ", benchmarks.Keys)}.");
    return 2;
}

var limit = TimeSpan.FromMinutes(5);
var figures = new List<Figure>();
foreach (var name in wanted)
{
    Console.Error.WriteLine($"» {name}");
    try
    {
        figures.AddRange(await benchmarks[name]().WaitAsync(limit));
    }
    catch (TimeoutException)
    {
        Console.Error.WriteLine($"{name} has not ended within {limit}; it and all that follows are given up.");
        Figure.Print(figures);
        return 1;
    }
}

Figure.Print(figures);
return 0;
