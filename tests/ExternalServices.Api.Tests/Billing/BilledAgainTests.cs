using System.Net;
using System.Text.Json.Nodes;

namespace ExternalServices.Api.Tests.Billing;

public sealed class BilledAgainTests(ExternalService service)
{
    [Fact]
    public async Task What_a_cancelled_invoice_billed_is_billed_again_when_that_is_said()
    {
        var world = await World.Create(service);
        var wrong = await world.Issued(service);
        await world.Record(world.Usage("2", "2026-10-06T12:00:00Z", "1.5"));
        await world.Act(
            wrong, "cancel", new { reason = "Usage was missing", billAgain = true }, HttpStatusCode.Created);
        Assert.Equal("open", (await Event(world, "1")).Text("fate"));

        await world.Bill("2026-10");
        var right = (await world.Invoices())[1]!;
        Assert.Equal(["open", "101.00"], [right.Text("state"), right.Text("net.amount")]);
        Assert.Equal("deferredRevenue -101.00, receivables 122.21, tax -21.21", await world.Books());
        Assert.Equal(right.Text("id"), (await Event(world, "1")).Text("invoice.id"));
        Assert.Equal(right.Text("id"), (await Event(world, "2")).Text("invoice.id"));
        foreach (var invoice in new[] { wrong, right })
        {
            var explained = await world.Provider.Get(
                $"/external/v1/invoices/{invoice.Text("id")}/lines/2/explanation");
            Assert.True(explained["isEqual"]!.GetValue<bool>());
        }

        await world.Bill("2026-10");
        Assert.Equal(2, (await world.Invoices()).Count);
    }

    [Fact]
    public async Task Else_it_stays_taken_back()
    {
        var world = await World.Create(service);
        var invoice = await world.Issued(service);
        await world.Act(invoice, "cancel", new { reason = "Agreed" }, HttpStatusCode.Created);
        await world.Bill("2026-10");
        Assert.Single(await world.Invoices());
        Assert.Equal("", await world.Books());
    }

    [Fact]
    public async Task Nobody_releases_a_line_of_an_invoice_that_stands()
    {
        var world = await World.Create(service);
        var invoice = await world.Issued(service);
        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => service.Sql(
            $"update billing.invoice_lines set released_at = now() where invoice = '{invoice.Text("id")}'"));
        Assert.Equal("23001", refused.SqlState);
    }

    [Fact]
    public async Task An_invoice_over_nothing_needs_no_payment()
    {
        var world = await World.Create(service);
        var draft = await world.Issued(service, finalize: false);
        await service.Sql(
            $"""
            set session_replication_role = replica;
            update billing.invoice_lines set net = 0, price = 0 where invoice = '{draft.Text("id")}';
            update billing.invoice_taxes set base = 0, tax = 0 where invoice = '{draft.Text("id")}';
            update billing.invoices set net = 0, tax = 0, gross = 0 where id = '{draft.Text("id")}'
            """);
        var final = await world.Act(draft, "finalize");
        Assert.Equal(["paid", "0.00"], [final.Text("state"), final.Text("due.amount")]);
        Assert.NotNull(final["number"]);
        Assert.Equal("", await world.Books());
    }

    private static Task<JsonNode> Event(World world, string id) =>
        world.Provider.Get($"/external/v1/usage-events/{world.Customer}/meter/{id}");
}
