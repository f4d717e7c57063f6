using System.Net;
using System.Text.Json.Nodes;

namespace ExternalServices.Api.Tests.Billing;

public sealed class BillingRunTests(ExternalService service)
{
    private const string Path = "/external/v1/billing-runs";

    [Fact]
    public async Task A_month_is_billed_once_with_fees_usage_and_tax()
    {
        var world = await Ready();
        await world.Sign();
        await world.Record(
            world.Usage("1", "2026-10-01T00:00:00+02:00", "10.5"),
            world.Usage("2", "2026-10-31T23:59:59+01:00", "0.1"),
            world.Usage("3", "2026-11-01T00:00:00+01:00", "999"),
            world.Usage("4", "2026-09-30T23:59:59+02:00", "999"));

        var run = await world.Bill("2026-10");
        Assert.Equal(["1", "1", "1", "0"], Figures(run));
        var invoice = await world.TheInvoice();
        Assert.Equal("open", invoice.Text("state"));
        Assert.Equal($"{world.Entity}-{invoice.Text("issueDate")[..4]}-000001", invoice.Text("number"));
        Assert.Equal(["100.00", "2.65"], invoice["lines"]!.AsArray().Select(line => line!.Text("net.amount")));
        Assert.Equal(["10.6", "2"], [invoice.Text("lines.1.usage.quantity"), invoice.Text("lines.1.usage.events")]);
        Assert.Equal(["2026-10-01", "2026-11-01"], [invoice.Text("lines.1.from"), invoice.Text("lines.1.to")]);
        Assert.Equal(
            ["102.65", "21.56", "124.21"],
            [invoice.Text("net.amount"), invoice.Text("tax.amount"), invoice.Text("gross.amount")]);
        Assert.Equal(["S", "21"], [invoice.Text("taxes.0.category"), invoice.Text("taxes.0.rate")]);

        Assert.Equal(["1", "1", "0", "0"], Figures(await world.Bill("2026-10")));
        Assert.Single(await world.Invoices());
    }

    [Fact]
    public async Task Two_runs_at_once_bill_each_contract_once()
    {
        var world = await Ready();
        await world.Sign();
        await world.Record(world.Usage("1", "2026-10-05T12:00:00Z", "1"));
        var runs = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => world.Bill("2026-10")));
        Assert.Equal(1, runs.Sum(run => run["invoices"]!.GetValue<int>()));
        Assert.Single(await world.Invoices());
    }

    [Fact]
    public async Task A_contract_that_cannot_be_billed_says_why_and_is_tried_again()
    {
        var world = await World.Create(service);
        var code = $"{world.Customer}-FR";
        await service.Provider.Post("/external/v1/legal-entities", World.LegalEntity($"{world.Entity}-FR"));
        await service.Sql(
            $"update parties.legal_entity_details set country = 'FR' where legal_entity = '{world.Entity}-FR'");
        await service.Provider.Post("/external/v1/customers", new
        {
            code,
            legalEntity = $"{world.Entity}-FR",
            name = "Chat Noir",
            address = new { street = "x", city = "Paris", postalCode = "75018" },
            country = "FR",
            currency = "EUR",
            zone = "Europe/Paris",
            language = "en",
            paymentTermsDays = 0,
        });
        await world.Publish(world.Plan, [World.Flat("BASE", "10.00", "inAdvance")]);
        await service.Provider.Post(
            "/external/v1/contracts",
            new { code, customer = code, plan = world.Plan, planVersion = 1, start = "2026-10-01" });

        var failed = await Bill(world, code);
        Assert.Equal(["1", "1", "0", "1"], Figures(failed));
        var failures = await service.Provider.Get($"{Path}/{failed.Text("id")}/failures");
        Assert.Equal([code, "tax-rate-missing"], [failures.Text("items.0.contract"), failures.Text("items.0.code")]);
        await world.Tax("FR", "20");
        Assert.Equal(["1", "1", "1", "0"], Figures(await Bill(world, code)));
    }

    [Fact]
    public async Task Fees_in_advance_are_due_at_once_and_usage_when_its_period_is_over()
    {
        var world = await Ready();
        var month = $"{Testing.Clock.System.GetUtcNow():yyyy-MM}";
        await world.Sign($"{month}-01");
        await world.Record(world.Usage("1", $"{month}-01T12:00:00Z", "7"));
        Assert.Equal("1", (await world.Bill(month)).Text("invoices"));
        Assert.Equal("BASE", Assert.Single((await world.TheInvoice())["lines"]!.AsArray())!.Text("charge"));
        Assert.Equal("0", (await world.Bill(month)).Text("invoices"));
    }

    [Fact]
    public async Task Nothing_to_pay_makes_no_invoice()
    {
        var world = await Ready();
        await world.Sign("2026-01-01", null, World.PerUnit("STORAGE", "0.25"));
        Assert.Equal(["1", "1", "0", "0"], Figures(await world.Bill("2026-10")));
        await world.Record(world.Usage("1", "2026-10-05T12:00:00Z", "4"));
        Assert.Equal("1", (await world.Bill("2026-10")).Text("invoices"));
    }

    [Fact]
    public async Task Another_member_state_accounts_for_the_tax_itself()
    {
        var world = await Ready();
        var code = $"{world.Customer}-DE";
        await service.Provider.Post(
            "/external/v1/customers", world.CustomerBody(code, "EUR", "DE", "DE123456789", "Europe/Berlin"));
        await world.Publish(world.Plan, [World.Flat("BASE", "10.00", "inAdvance")]);
        await service.Provider.Post(
            "/external/v1/contracts",
            new { code, customer = code, plan = world.Plan, planVersion = 1, start = "2026-10-17" });
        await Bill(world, code);
        var id = (await service.Provider.Get($"/external/v1/invoices?customer={code}")).Text("items.0.id");
        var invoice = await service.Provider.Get($"/external/v1/invoices/{id}");
        Assert.Equal(
            ["AE", "0", "0.00", "VATEX-EU-AE", "10.00"],
            [
                invoice.Text("taxes.0.category"), invoice.Text("taxes.0.rate"), invoice.Text("taxes.0.tax.amount"),
                invoice.Text("taxes.0.reasonCode"), invoice.Text("gross.amount"),
            ]);
    }

    [Theory]
    [InlineData("""{"month":"2126-10"}""", 422, "month-in-the-future")]
    [InlineData("""{"month":"2026-10","customer":"NOBODY"}""", 422, "customer-not-found")]
    [InlineData("""{"month":"2026-10","legalEntity":"X"}""", 422, "legal-entity-not-found")]
    [InlineData("""{"month":"2026-10","customer":"A","legalEntity":"B"}""", 422, "two-scopes")]
    [InlineData("""{"month":"2026-13"}""", 400, "unreadable")]
    [InlineData("""{"month":"2026-10","year":"2026"}""", 400, "unreadable")]
    [InlineData("{}", 400, "unreadable")]
    public async Task A_run_that_makes_no_sense_is_refused(string body, int status, string code)
    {
        var problem = await service.Provider.Post(
            Path, JsonNode.Parse(body), (HttpStatusCode)status, $"bad-{World.Next()}");
        Assert.Equal(code, problem.Code());
    }

    [Fact]
    public async Task A_run_needs_a_key_and_starts_once_for_it()
    {
        var world = await Ready();
        var body = new { month = "2026-10", customer = world.Customer };
        var missing = await service.Provider.Post(Path, body, HttpStatusCode.BadRequest);
        Assert.Equal("idempotency-key-required", missing.Code());
        var first = await service.Provider.Post(Path, body, HttpStatusCode.Accepted, $"run-{world.Customer}");
        var again = await service.Provider.Post(Path, body, HttpStatusCode.Accepted, $"run-{world.Customer}");
        Assert.Equal(first.Text("id"), again.Text("id"));
        await service.As(world.Customer).Post(Path, body, HttpStatusCode.Forbidden, "mine");
        await service.Provider.Get($"{Path}/{Guid.Empty}", HttpStatusCode.NotFound);
        await service.Provider.Get($"{Path}/{Guid.Empty}/failures", HttpStatusCode.NotFound);
    }

    private async Task<World> Ready()
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        return world;
    }

    private async Task<JsonNode> Bill(World world, string customer)
    {
        var run = await service.Provider.Post(
            Path, new { month = "2026-10", customer }, HttpStatusCode.Accepted, $"{customer}-{World.Next()}");
        return await world.Completed(run.Text("id"));
    }

    private static string[] Figures(JsonNode run) =>
        [run.Text("contractsTotal"), run.Text("contractsDone"), run.Text("invoices"), run.Text("failures")];
}
