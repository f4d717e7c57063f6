using System.Net;
using System.Text.Json.Nodes;

namespace ExternalServices.Api.Tests.Usage;

/// <summary>Voids and replacements before anything is billed; what bills make of them is in LateUsageTests.</summary>
public sealed class UsageCorrectionTests(ExternalService service)
{
    private const string Noon = "2026-10-05T12:00:00Z";

    [Fact]
    public async Task A_void_event_is_not_billed_and_says_why()
    {
        var world = await Used("100", "20");
        var voided = await Send(world, "1", "void", new { reason = "A test of the meter" });
        Assert.Equal(
            ["void", "A test of the meter", "100"],
            [voided.Text("fate"), voided.Text("void.reason"), voided.Text("quantity")]);
        Assert.Null(voided["void"]!["replacement"]);
        await world.Bill("2026-10");
        var line = (await world.TheInvoice())["lines"]![1]!;
        Assert.Equal(
            ["20", "1", "5.00"], new[] { "usage.quantity", "usage.events", "net.amount" }.Select(line.Text));
        Assert.Null((await Read(world, "1"))["invoice"]);
    }

    [Fact]
    public async Task A_replacement_is_an_event_that_can_be_replaced_in_its_turn()
    {
        var world = await Used("100");
        var replaced = await Send(world, "1", "replace", Replacement("a2", "30"));
        Assert.Equal("a2", replaced.Text("void.replacement.id"));
        await Send(world, "a2", "replace", Replacement("a3", "40"));
        var last = await Read(world, "a3");
        Assert.Equal(
            ["open", "audit", "a2"], new[] { "fate", "replaces.source", "replaces.id" }.Select(last.Text));
        await world.Bill("2026-10");
        Assert.Equal("10.00", (await world.TheInvoice()).Text("lines.1.net.amount"));
        var fates = new List<string>();
        foreach (var id in new[] { "1", "a2", "a3" }) fates.Add((await Read(world, id)).Text("fate"));
        Assert.Equal(["void", "void", "billed"], fates);
    }

    [Fact]
    public async Task A_void_event_stays_recorded_under_its_key()
    {
        var world = await Used("100");
        await Send(world, "1", "void", new { reason = "Wrong" });
        var again = await world.Record(world.Usage("1", Noon, "100"));
        Assert.Equal("duplicate", again.Text("items.0.result"));
        Assert.Equal("void", (await Read(world, "1")).Text("fate"));
    }

    [Theory]
    [InlineData("void", """{"reason":" "}""", 422, "invalid-fields")]
    [InlineData("void", """{}""", 400, "unreadable")]
    [InlineData("replace", """{"reason":"Wrong"}""", 400, "unreadable")]
    [InlineData("replace", "-1", 422, "negative-quantity")]
    [InlineData("replace", "1e3", 422, "invalid-quantity")]
    [InlineData("replace", "1000000000", 422, "quantity-out-of-range")]
    public async Task What_cannot_be_corrected_so_changes_nothing(string way, string body, int status, string code)
    {
        var world = await Used("100");
        var sent = body.StartsWith('{') ? JsonNode.Parse(body)! : JsonNode.Parse(Text(Replacement("a2", body)))!;
        var problem = await world.Provider.Post(
            $"{Path(world, "1")}/{way}", sent, (HttpStatusCode)status, $"{way}-{world.Customer}");
        Assert.Equal(code, problem.Code());
        Assert.Equal("open", (await Read(world, "1")).Text("fate"));
    }

    [Fact]
    public async Task A_correction_of_a_void_or_unknown_event_or_by_a_taken_key_is_refused()
    {
        var world = await Used("100", "20");
        Assert.Equal("usage-event-exists", await Refused(world, "1", "replace", Replacement("2", "20", "meter"), 409));
        Assert.Equal("usage-event-exists", await Refused(world, "1", "replace", Replacement("1", "100", "meter"), 409));
        Assert.Equal(
            "service-not-found", await Refused(world, "1", "replace", Replacement("a9", "1", service: "NOWHERE"), 422));
        Assert.Equal("open", (await Read(world, "1")).Text("fate"));
        await Send(world, "1", "void", new { reason = "Wrong" });
        Assert.Equal("usage-event-void", await Refused(world, "1", "void", new { reason = "Again" }, 409));
        Assert.Equal("usage-event-void", await Refused(world, "1", "replace", Replacement("a9", "1"), 409));
        Assert.Equal("usage-event-not-found", await Refused(world, "none", "void", new { reason = "Wrong" }, 404));
        await service.Provider.Get(Path(world, "a9"), HttpStatusCode.NotFound);
        await service.As(world.Customer).Post(
            $"{Path(world, "2")}/void", new { reason = "Wrong" }, HttpStatusCode.Forbidden, $"c-{world.Customer}");
    }

    private async Task<World> Used(params string[] quantities)
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await world.Sign();
        await world.Record([.. quantities.Select((quantity, i) => world.Usage($"{i + 1}", Noon, quantity))]);
        return world;
    }

    private static object Replacement(
        string id, string quantity, string source = "audit", string service = "STORAGE") =>
        new { reason = "Measured again", replacement = new { source, id, service, at = Noon, quantity } };

    private static Task<JsonNode> Send(World world, string id, string way, object body) => world.Provider.Post(
        $"{Path(world, id)}/{way}", body, HttpStatusCode.OK, $"{world.Customer}-{World.Next()}");

    private static async Task<string> Refused(World world, string id, string way, object body, int status) =>
        (await world.Provider.Post(
            $"{Path(world, id)}/{way}", body, (HttpStatusCode)status, $"{world.Customer}-{World.Next()}")).Code();

    private static Task<JsonNode> Read(World world, string id) => world.Provider.Get(Path(world, id));

    /// <summary>What the auditor records is named so.</summary>
    private static string Path(World world, string id) =>
        $"/external/v1/usage-events/{world.Customer}/{(id.StartsWith('a') ? "audit" : "meter")}/{id}";

    private static string Text(object body) => System.Text.Json.JsonSerializer.Serialize(body);
}
