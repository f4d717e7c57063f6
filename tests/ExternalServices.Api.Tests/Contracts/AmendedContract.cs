using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace ExternalServices.Api.Tests.Contracts;

/// <summary>
/// A contract on plan version 1: 310.00 in advance, 0.25 per unit; version 2 has 620.00 and 0.10, version 3 has 155.00
/// and 0.25. Tests sign, preview and bill what is changed on it.
/// </summary>
public sealed class AmendedContract
{
    private readonly MovableService _service;

    private AmendedContract(MovableService service, World world) => (_service, World) = (service, world);

    public World World { get; }

    private string Path => $"/external/v1/contracts/{World.Contract}";

    public static async Task<AmendedContract> Sign(
        MovableService service,
        string start,
        string? end = null,
        string phases = "[]",
        string zone = "Europe/Madrid")
    {
        var world = await World.Create(service, zone);
        await world.Tax("ES", "21");
        await world.Publish(world.Plan, Charges("310.00", "0.25"));
        var contract = new AmendedContract(service, world);
        await contract.Version(2, Charges("620.00", "0.10"));
        await contract.Version(3, Charges("155.00", "0.25"));
        var signed = new JsonObject
        {
            ["code"] = world.Contract,
            ["customer"] = world.Customer,
            ["plan"] = world.Plan,
            ["planVersion"] = 1,
            ["start"] = start,
            ["end"] = end,
            ["phases"] = JsonNode.Parse(phases),
        };
        await service.Provider.Post("/external/v1/contracts", signed);
        return contract;
    }

    public static object[] Charges(string fee, string unitPrice) =>
        [World.Flat("BASE", fee, "inAdvance"), World.PerUnit("STORAGE", unitPrice)];

    public Task<JsonNode> Read() => _service.Provider.Get(Path);

    public async Task Previews(string operation, string body, string[] lines)
    {
        var preview = await _service.Provider.Post(
            $"{Path}/{operation}/preview", JsonNode.Parse(body), HttpStatusCode.OK);
        Assert.Equal(lines, preview["lines"]!.AsArray().Select(line => $"{line!.Text("kind")} {LineOf(line!)}"));
        Assert.Equal(
            preview["lines"]!.AsArray().Sum(line => Number(line!.Text("net.amount"))),
            Number(preview.Text("net.amount")));
    }

    public Task<JsonNode> Do(string operation, string body) => _service.Provider.Post(
        $"{Path}/{operation}", JsonNode.Parse(body), HttpStatusCode.OK, $"{World.Contract}-{World.Next()}");

    public async Task<string> Refused(string operation, string body, int status) =>
        (await _service.Provider.Post(
            $"{Path}/{operation}",
            JsonNode.Parse(body),
            (HttpStatusCode)status,
            $"{World.Contract}-{World.Next()}")).Code();

    /// <summary>
    /// Lines of an invoice: those that changes have caused, or all others. Each recomputes to what it says.
    /// </summary>
    public async Task<List<string>> Lines(JsonNode summary, bool changed)
    {
        var path = $"/external/v1/invoices/{summary.Text("id")}";
        var found = new List<string>();
        foreach (var line in (await _service.Provider.Get(path))["lines"]!.AsArray().OfType<JsonNode>())
        {
            var explained = await _service.Provider.Get($"{path}/lines/{line.Text("number")}/explanation");
            Assert.True(explained["isEqual"]!.GetValue<bool>(), explained.ToJsonString());
            var kind = line.Text("kind");
            if (kind == "charge" == changed) continue;
            found.Add(changed ? $"{kind} {LineOf(line)}" : LineOf(line));
        }

        return found;
    }

    private async Task Version(int version, object[] charges)
    {
        var path = $"/external/v1/plans/{World.Plan}/versions";
        await _service.Provider.Post(path, new { charges });
        await _service.Provider.Post($"{path}/{version}/publish", null, HttpStatusCode.OK);
    }

    private static string LineOf(JsonNode line) =>
        $"{line.Text("charge")} {line.Text("from")}..{line.Text("to")} {line.Text("net.amount")}";

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
