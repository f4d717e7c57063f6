using System.Diagnostics;
using EndToEnd.Tests;

namespace Benchmarks;

/// <summary>From the start of a process to its first answer of readiness, and the memory it then holds.</summary>
internal static class ColdStart
{
    private const int Starts = 5;

    public static async Task<IReadOnlyList<Figure>> Measure()
    {
        await using var mesh = await Mesh.Start();
        List<Figure> figures = [];
        foreach (var (name, dll, settings) in mesh.Executables())
        {
            List<double> milliseconds = [];
            List<double> mebibytes = [];
            for (var i = 0; i <= Starts; i++)
            {
                var (elapsed, memory) = await Start(await Publishing.PathOf(name, dll), settings);
                if (i == 0) continue;
                milliseconds.Add(elapsed.TotalMilliseconds);
                mebibytes.Add(memory);
            }

            var median = Pairs.Median(milliseconds);
            figures.Add(new($"{name}: cold start to ready", $"{median:N0} ms", "–", "–", "≤ 800 ms"));
            figures.Add(new($"{name}: memory at rest", $"{Pairs.Median(mebibytes):N0} MiB", "–", "–", "≤ 150 MiB"));
        }

        return figures;
    }

    private static async Task<(TimeSpan Elapsed, double Mebibytes)> Start(string dll, IReadOnlyList<string> settings)
    {
        var address = $"http://127.0.0.1:{Testing.Services.ServiceProcess.FreePort()}";
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo("dotnet", [dll, .. settings, $"--urls={address}"])
        {
            RedirectStandardOutput = true,
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        while (!await IsReady(client))
        {
            if (process.HasExited) throw new InvalidOperationException($"{dll} ended with {process.ExitCode}.");
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        var memory = ProcessMemory.AtRest(process.Id);
        process.Kill();
        await process.WaitForExitAsync();
        return (elapsed, memory);
    }

    private static async Task<bool> IsReady(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
