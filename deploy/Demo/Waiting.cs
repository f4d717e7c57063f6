using System.Diagnostics;

namespace Demo;

/// <summary>Waits for what the mesh does in its own time, and not for ever.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <param name="look">What there still is to wait for; null ends it.</param>
    public static async Task Until(Func<Task<string?>> look)
    {
        var started = Stopwatch.GetTimestamp();
        while (await look() is { } what)
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new RefusedException($"Still {what}; it goes on by itself.");
            }

            await Task.Delay(Pause);
        }
    }
}
