using System.Net;
using System.Text.Json.Nodes;

namespace ExternalServices.Api.Tests.Billing;

public sealed class DunningTests(ExternalService service)
{
    [Fact]
    public async Task Reminders_are_sent_one_after_the_other_with_their_fees()
    {
        var world = await World.Create(service);
        var invoice = await world.Issued(service);
        await SetLevels(world);
        Assert.Equal("0", (await Remind(world)).Text("reminders"));
        await Overdue(invoice, days: 30);
        Assert.True((await world.Read(invoice))["isOverdue"]!.GetValue<bool>());
        var first = await Remind(world);
        Assert.Equal("1", first.Text("reminders"));
        Assert.Empty(first["fees"]!.AsArray());
        Assert.Equal("40.00", (await Remind(world)).Text("fees.0.amount"));
        Assert.Equal("0", (await Remind(world)).Text("reminders"));

        var read = await world.Read(invoice);
        Assert.Equal(
            ["2", "40.00", "161.76"],
            [read.Text("dunningLevel"), read.Text("fees.amount"), read.Text("due.amount")]);
        Assert.Equal("161.76", (await world.Balance()).Text("overdue.amount"));
        Assert.Equal(
            "deferredRevenue -100.63, dunningFees -40.00, receivables 161.76, tax -21.13", await world.Books());
        var notices = await service.As(world.Customer).Get("/external/v1/dunning-notices");
        Assert.Equal(
            ["1 121.76", "2 161.76"],
            notices["items"]!.AsArray().Select(notice => $"{notice!.Text("level")} {notice!.Text("due.amount")}"));

        await world.Pay("161.76", invoice);
        Assert.Equal("paid", (await world.Read(invoice)).Text("state"));
    }

    [Fact]
    public async Task A_disputed_invoice_is_left_alone_until_the_dispute_is_settled()
    {
        var world = await World.Create(service);
        var invoice = await world.Issued(service);
        await SetLevels(world);
        await Overdue(invoice, days: 30);
        await world.Act(invoice, "dispute", new { reason = "Not ordered" });
        Assert.Equal("0", (await Remind(world)).Text("reminders"));
        await world.Act(invoice, "dispute/settle");
        Assert.Equal("1", (await Remind(world)).Text("reminders"));
    }

    [Fact]
    public async Task Cancelling_waives_the_fees_unless_some_are_paid()
    {
        var world = await World.Create(service);
        var invoice = await world.Issued(service);
        await SetLevels(world);
        await Overdue(invoice, days: 30);
        await Remind(world);
        await Remind(world);
        await world.Pay("121.77", invoice);
        var paid = await world.Act(
            invoice, "cancel", new { reason = "Error", balance = "121.76" }, HttpStatusCode.UnprocessableEntity);
        Assert.Equal("fees-paid", paid.Code());

        var other = await World.Create(service);
        var waived = await other.Issued(service);
        await SetLevels(other);
        await Overdue(waived, days: 30);
        await Remind(other);
        await Remind(other);
        await other.Act(waived, "cancel", new { reason = "Error" }, HttpStatusCode.Created);
        Assert.Equal("", await other.Books());
    }

    [Fact]
    public async Task Levels_that_make_no_sense_are_refused()
    {
        var world = await World.Create(service);
        var path = $"/external/v1/legal-entities/{world.Entity}/dunning-levels";
        var problem = await world.Provider.Put(
            path,
            new
            {
                levels = new object[]
                {
                    new { daysOverdue = 7, fee = new { amount = "0", currency = "EUR" } }, new { daysOverdue = 7 },
                },
            },
            "\"0\"",
            HttpStatusCode.UnprocessableEntity);
        Assert.Equal(["/levels/0/fee not-positive", "/levels/1/daysOverdue out-of-range"], problem.Errors());
        var none = await Remind(world, HttpStatusCode.UnprocessableEntity);
        Assert.Equal("no-dunning-levels", none.Code());
        await SetLevels(world);
        var stale = await world.Provider.Put(
            path, new { levels = Array.Empty<object>() }, "\"0\"", HttpStatusCode.PreconditionFailed);
        Assert.Equal("changed-meanwhile", stale.Code());
    }

    [Fact]
    public async Task A_draft_is_finalized_by_itself_when_its_grace_is_over()
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await world.Sign();
        var run = await world.Provider.Post(
            "/external/v1/billing-runs",
            new { month = "2026-10", customer = world.Customer, finalize = false, graceHours = 2 },
            HttpStatusCode.Accepted,
            Money.Key());
        await world.Completed(run.Text("id"));
        var draft = await world.TheInvoice();
        Assert.NotNull(draft["finalizesAt"]);
        var preview = await world.Provider.Get($"/external/v1/invoices/{draft.Text("id")}/preview");
        Assert.Empty(preview["violations"]!.AsArray());
        Assert.Equal(
            ["receivables", "deferredRevenue", "tax"],
            preview["entries"]!.AsArray().Select(entry => entry!.Text("account")));
        Assert.Equal("draft", (await world.TheInvoice()).Text("state"));

        await service.Sql(
            $"update billing.invoices set finalizes_at = now() - interval '1 s' where id = '{draft.Text("id")}'");
        var final = await Testing.Eventually.Gives(world.TheInvoice, read => read.Text("state") == "open");
        Assert.Equal(preview.Text("invoice.dueDate"), final.Text("dueDate"));
        Assert.Null(final["finalizesAt"]);
        await world.Provider.Get($"/external/v1/invoices/{draft.Text("id")}/preview", HttpStatusCode.Conflict);

        var both = await world.Provider.Post(
            "/external/v1/billing-runs",
            new { month = "2026-10", finalize = true, graceHours = 2 },
            HttpStatusCode.UnprocessableEntity,
            Money.Key());
        Assert.Equal(["/graceHours no-drafts"], both.Errors());
    }

    private static Task<JsonNode> SetLevels(World world) => world.Provider.Put(
        $"/external/v1/legal-entities/{world.Entity}/dunning-levels",
        new
        {
            levels = new object[]
            {
                new { daysOverdue = 7 }, new { daysOverdue = 21, fee = new { amount = "40.00", currency = "EUR" } },
            },
        },
        "\"0\"");

    private static Task<JsonNode> Remind(World world, HttpStatusCode expected = HttpStatusCode.OK) =>
        world.Provider.Post("/external/v1/dunning-runs", new { legalEntity = world.Entity }, expected, Money.Key());

    /// <summary>As if it had been issued long ago; a document's own dates never change otherwise.</summary>
    private Task Overdue(JsonNode invoice, int days) => service.Sql(
        $"""
        set session_replication_role = replica;
        update billing.invoices set due_date = current_date - {days} where id = '{invoice.Text("id")}'
        """);
}
