using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Demo;

/// <summary>Closes the month on both sides and shows what it waits for meanwhile.</summary>
internal static class Month
{
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task<bool> IsClosed(Mesh mesh, string month) =>
        await mesh.Find(PathOf(month)) is { } period && StateOf(period) == "closed";

    public static async Task Close(Mesh mesh, string month)
    {
        await mesh.Post($"{PathOf(month)}/close", new { }, $"demo-close-{month}");
        var started = Stopwatch.GetTimestamp();
        for (string? said = null; ;)
        {
            var period = await mesh.Get(PathOf(month));
            if (StateOf(period) == "closed") break;
            if (period["blockedBy"] is { } blocked)
            {
                throw new RefusedException($"The close is blocked: {blocked.ToJsonString()}");
            }

            var waiting = period["waitingFor"] is { } waits
                ? $"waiting for {Screen.Text(waits["party"])}: {Screen.Text(waits["what"])}"
                : "closing";
            if (waiting != said) Screen.Say(said = waiting);
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new RefusedException($"Still {waiting}; it goes on by itself.");
            }

            await Task.Delay(Pause);
        }

        Screen.Say("closed");
    }

    private static string PathOf(string month) => $"/internal/v1/periods/{month}";

    private static string StateOf(JsonNode period) => Screen.Text(period["state"]);
}
