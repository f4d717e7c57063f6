using System.Globalization;

namespace Benchmarks;

/// <summary>Mebibytes of a process that lie in memory, as the system counts them.</summary>
internal static class ProcessMemory
{
    public static double AtRest(int process) => Read(process, "VmRSS:");

    /// <summary>The most that it has held so far.</summary>
    public static double AtMost(int process) => Read(process, "VmHWM:");

    private static double Read(int process, string line)
    {
        var kibibytes = File.ReadLines($"/proc/{process}/status")
            .Single(read => read.StartsWith(line, StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return double.Parse(kibibytes, CultureInfo.InvariantCulture) / 1024;
    }
}
