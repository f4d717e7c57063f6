using System.Net;
using System.Text.Json.Nodes;

namespace ExternalServices.Api.Tests.Billing;

public sealed class InvoiceTests(ExternalService service)
{
    [Fact]
    public async Task A_draft_has_no_number_until_it_is_finalized_and_then_never_changes()
    {
        var world = await Billed(finalize: false);
        var draft = await world.TheInvoice();
        Assert.Equal("draft", draft.Text("state"));
        Assert.All(new[] { "number", "issueDate", "dueDate", "finalizedAt" }, member => Assert.Null(draft[member]));

        var path = $"/external/v1/invoices/{draft.Text("id")}";
        var missing = await service.Provider.Post($"{path}/finalize", null, HttpStatusCode.BadRequest);
        Assert.Equal("idempotency-key-required", missing.Code());
        var final = await service.Provider.Post($"{path}/finalize", null, HttpStatusCode.OK, $"f-{world.Customer}");
        Assert.Equal(["open", "2"], [final.Text("state"), final.Text("version")]);
        Assert.EndsWith("-000001", final.Text("number"));

        var again = await service.Provider.Post(
            $"{path}/finalize", null, HttpStatusCode.Conflict, $"g-{world.Customer}");
        Assert.Equal(["invoice-state", "open"], [again.Code(), again.Text("state")]);
        Assert.Equal("invoice-state", (await service.Provider.Delete(path, "\"2\"", HttpStatusCode.Conflict)).Code());
        string[] changes = ["update billing.invoices set net = 0, gross = tax", "delete from billing.invoices"];
        foreach (var change in changes)
        {
            var kept = await Assert.ThrowsAsync<Npgsql.PostgresException>(
                () => service.Sql($"{change} where id = '{draft.Text("id")}'"));
            Assert.Equal("23001", kept.SqlState);
        }
    }

    [Fact]
    public async Task What_a_deleted_draft_billed_is_due_again()
    {
        var world = await Billed(finalize: false);
        var path = $"/external/v1/invoices/{(await world.TheInvoice()).Text("id")}";
        await service.Provider.Delete(path, null, HttpStatusCode.PreconditionRequired);
        await service.Provider.Delete(path, "\"5\"", HttpStatusCode.PreconditionFailed);
        await service.Provider.Delete(path, "\"1\"");
        await service.Provider.Get(path, HttpStatusCode.NotFound);
        Assert.Equal("1", (await world.Bill("2026-10")).Text("invoices"));
        Assert.EndsWith("-000001", (await world.TheInvoice()).Text("number"));
    }

    [Fact]
    public async Task An_event_tells_its_fate()
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await world.Sign("2026-10-01");
        await world.Record(world.Usage("a/1", "2026-10-05T12:00:00Z", "3"));
        Assert.Equal("open", (await Fate(world, "a%2F1")).Text("fate"));
        await world.Bill("2026-10", finalize: false);
        Assert.Equal("drafted", (await Fate(world, "a%2F1")).Text("fate"));
        var id = (await world.TheInvoice()).Text("id");
        await service.Provider.Post($"/external/v1/invoices/{id}/finalize", null, HttpStatusCode.OK, $"f-{id}");
        await world.Record(
            world.Usage("2", "2026-10-06T12:00:00Z", "4"), world.Usage("3", "2026-11-06T12:00:00Z", "5"));

        var billed = await Fate(world, "a%2F1");
        Assert.Equal(["billed", id, "2"], new[] { "fate", "invoice.id", "invoice.line" }.Select(billed.Text));
        Assert.Equal("late", (await Fate(world, "2")).Text("fate"));
        Assert.Equal("open", (await Fate(world, "3")).Text("fate"));
        await service.As("SOMEBODY").Get(
            $"/external/v1/usage-events/{world.Customer}/meter/2", HttpStatusCode.NotFound);
        Assert.Equal("0", (await world.Bill("2026-10")).Text("invoices"));
    }

    [Fact]
    public async Task A_line_recomputes_and_a_manipulated_event_is_found()
    {
        var world = await Billed(finalize: true);
        var path = $"/external/v1/invoices/{(await world.TheInvoice()).Text("id")}/lines/2/explanation";
        await world.Record(world.Usage("late", "2026-10-20T12:00:00Z", "1000"));
        var explained = await service.As(world.Customer).Get(path);
        Assert.Equal(
            ["True", "0.63", "units", "2.5", "1"],
            [
                $"{explained["isEqual"]!.GetValue<bool>()}", explained.Text("recomputed.net.amount"),
                explained.Text("steps.0.kind"), explained.Text("usage.quantity"), explained.Text("usage.events"),
            ]);

        await service.Sql(
            $"""
            set session_replication_role = replica;
            update usage.events set quantity = 2.6 where customer = '{world.Customer}' and id = '1'
            """);
        var found = await service.Provider.Get(path);
        Assert.Equal(
            ["False", "0.65", "0.63"],
            [
                $"{found["isEqual"]!.GetValue<bool>()}", found.Text("recomputed.net.amount"),
                found.Text("stored.net.amount"),
            ]);
        await service.Provider.Get(path.Replace("/2/", "/9/", StringComparison.Ordinal), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_customer_sees_its_own_invoices()
    {
        var (mine, other) = (await Billed(finalize: true), await Billed(finalize: true));
        var me = service.As(mine.Customer);
        var list = (await me.Get("/external/v1/invoices"))["items"]!.AsArray();
        Assert.Equal(mine.Customer, Assert.Single(list)!.Text("customer"));
        Assert.Empty((await me.Get($"/external/v1/invoices?customer={other.Customer}"))["items"]!.AsArray());
        var theirs = (await other.TheInvoice()).Text("id");
        var hidden = await me.Get($"/external/v1/invoices/{theirs}", HttpStatusCode.NotFound);
        Assert.Equal("invoice-not-found", hidden.Code());
        await me.Get($"/external/v1/invoices/{theirs}/lines/1/explanation", HttpStatusCode.NotFound);
        await me.Post($"/external/v1/invoices/{theirs}/finalize", null, HttpStatusCode.Forbidden, "mine");
    }

    private Task<JsonNode> Fate(World world, string id) =>
        service.Provider.Get($"/external/v1/usage-events/{world.Customer}/meter/{id}");

    private async Task<World> Billed(bool finalize)
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await world.Sign();
        await world.Record(world.Usage("1", "2026-10-05T12:00:00Z", "2.5"));
        await world.Bill("2026-10", finalize);
        return world;
    }
}
