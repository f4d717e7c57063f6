using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Testing;

/// <summary>
/// Waits for what happens in its own time. The patience is for the slowest machine: nothing waits longer than it must.
/// </summary>
public static class Eventually
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until the condition holds.</summary>
    public static Task Holds(
        Func<Task<bool>> condition,
        TimeSpan? within = null,
        [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Gives(condition, holds => holds, within, what);

    /// <inheritdoc cref="Holds(Func{Task{bool}}, TimeSpan?, string)"/>
    public static Task Holds(
        Func<bool> condition,
        TimeSpan? within = null,
        [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Gives(() => Task.FromResult(condition()), holds => holds, within, what);

    /// <summary>Reads until what was read is the expected, and returns it.</summary>
    public static async Task<T> Gives<T>(
        Func<Task<T>> read,
        Func<T, bool> expected,
        TimeSpan? within = null,
        [CallerArgumentExpression(nameof(read))] string what = "")
    {
        var last = default(T);
        await Passes(
            async () =>
            {
                last = await read();
                if (!expected(last)) throw new InvalidOperationException($"Last seen: {last}");
            },
            within,
            what);
        return last!;
    }

    /// <summary>Repeats the assertions until they pass.</summary>
    public static async Task Passes(
        Func<Task> assertions,
        TimeSpan? within = null,
        [CallerArgumentExpression(nameof(assertions))] string what = "")
    {
        var patience = within ?? Patience;
        var started = Stopwatch.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await assertions();
                return;
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                if (Stopwatch.GetElapsedTime(started) > patience)
                    throw new TimeoutException(
                        $"Not within {patience.TotalSeconds:0.#} s: {what}. {failure.Message}", failure);
            }

            await Task.Delay(pause);
        }
    }
}
