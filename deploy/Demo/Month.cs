using System.Text.Json.Nodes;

namespace Demo;

/// <summary>Closes the month on both sides and shows what it waits for meanwhile.</summary>
internal static class Month
{
    public static async Task<bool> IsClosed(Mesh mesh, string month) =>
        await mesh.Find(PathOf(month)) is { } period && StateOf(period) == "closed";

    public static async Task Close(Mesh mesh, string month)
    {
        await mesh.Post($"{PathOf(month)}/close", new { }, $"demo-close-{month}");
        string? said = null;
        await Waiting.Until(async () =>
        {
            var waiting = WaitsFor(await mesh.Get(PathOf(month)));
            if (waiting is not null && waiting != said) Screen.Say(waiting);
            return said = waiting;
        });
        Screen.Say("closed");
    }

    private static string? WaitsFor(JsonNode period) =>
        StateOf(period) == "closed" ? null
        : period["blockedBy"] is { } blocked
            ? throw new RefusedException($"The close is blocked: {blocked.ToJsonString()}")
        : period["waitingFor"] is { } waits
            ? $"waiting for {Screen.Text(waits["party"])}: {Screen.Text(waits["what"])}"
        : "closing";

    private static string PathOf(string month) => $"/internal/v1/periods/{month}";

    private static string StateOf(JsonNode period) => Screen.Text(period["state"]);
}
