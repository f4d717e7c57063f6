using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Benchmarks;

/// <summary>Programs of the system that a measurement needs, and what the system knows of a process.</summary>
internal static class Tool
{
    /// <summary>What <c>/proc</c> counts CPU time in.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    public static Process Start(string program, params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException(
                $"missing: {program} (apt-get install wrk nginx-light nghttp2-client)", missing);
        }
    }

    public static async Task<string> Run(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }

    /// <summary>CPU time of a process and its children.</summary>
    public static TimeSpan CpuOf(int process) => Directory.EnumerateDirectories("/proc")
        .Select(folder => Path.GetFileName(folder))
        .Where(name => name.All(char.IsDigit))
        .Select(Statistics)
        .Where(fields => fields is not null && (fields.Value.Id == process || fields.Value.Parent == process))
        .Aggregate(TimeSpan.Zero, (sum, fields) => sum + fields!.Value.Cpu);

    private static (int Id, int Parent, TimeSpan Cpu)? Statistics(string id)
    {
        try
        {
            // The name in parentheses may hold spaces; after it come state, parent, …, user and system time.
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (Number(id), Number(fields[1]), (Number(fields[11]) + Number(fields[12])) * Tick);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
