namespace Demo;

/// <summary>Bills every customer for the month: finalized invoices with gapless numbers and tax.</summary>
internal static class Billing
{
    public static async Task Run(Mesh mesh, string month)
    {
        var run = await mesh.Post("/external/v1/billing-runs", new { month }, $"demo-billing-{month}");
        var path = $"/external/v1/billing-runs/{Screen.Text(run["id"])}";
        await Screen.Step("billing run", () => Waiting.Until(async () =>
            Screen.Text((run = await mesh.Get(path))["state"]) == "completed" ? null : "billing"));
        Screen.Say(
            $"{Screen.Text(run["contractsDone"])} contracts, {Screen.Text(run["invoices"])} invoices, "
            + $"{Screen.Text(run["failures"])} failures");
        foreach (var failure in await mesh.List($"{path}/failures")) Screen.Say(failure.ToJsonString());
    }
}
