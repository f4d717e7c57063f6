using System.Net;
using System.Text.Json.Nodes;

namespace ExternalServices.Api.Tests.Billing;

/// <summary>What is declared is in the currency of the legal entity, by the rates of each document's day.</summary>
public sealed class TaxReportTests(MovableService service) : IClassFixture<MovableService>
{
    [Fact]
    public async Task Documents_are_converted_at_the_rate_of_their_tax_point_and_credit_notes_taken_off()
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await Rate("USD", "2026-09-01", "0.9");
        await Rate("USD", "2026-10-15", "0.85");
        await Rate("USD", "2026-11-01", "0.5");
        At(11, 2);
        await Bill(world, "EUR", "100.00");
        await Bill(world, "USD", "33.33");
        await Bill(world, "JPY", "1000", "US");
        var missing = await service.Provider.Get(Path(world, "2026-10"), HttpStatusCode.UnprocessableEntity);
        Assert.Equal("exchange-rate-missing", missing.Code());
        await Rate("JPY", "2026-10-31", "0.0062");
        var report = await service.Provider.Get(Path(world, "2026-10"));
        Assert.Equal(
            ["S 21 2 128.33 26.95 EUR 100.00 21.00 USD 33.33 7.00", "O 0 1 6.20 0.00 JPY 1000 0"],
            report["groups"]!.AsArray().Select(Group));
        Assert.Equal(["134.53", "26.95"], [report.Text("base.amount"), report.Text("tax.amount")]);

        var dollars = await service.Provider.Get($"/external/v1/invoices?customer={world.Customer}-USD");
        await world.Act(
            dollars["items"]![0]!,
            "credit-notes",
            new { reason = "x", lines = new[] { new { number = 1, amount = "10" } } },
            HttpStatusCode.Created);
        var november = await service.Provider.Get(Path(world, "2026-11"));
        Assert.Equal(["S 21 1 -5.00 -1.05 USD -10.00 -2.10"], november["groups"]!.AsArray().Select(Group));
        Assert.Empty((await service.Provider.Get(Path(world, "2026-08")))["groups"]!.AsArray());
        await service.Provider.Get("/external/v1/tax-report?legalEntity=NONE&month=2026-10", HttpStatusCode.NotFound);
        await service.Provider.Get($"/external/v1/tax-report?month=2026-10", HttpStatusCode.BadRequest);
        await service.As(world.Customer).Get(Path(world, "2026-10"), HttpStatusCode.Forbidden);
    }

    private async Task Bill(World world, string currency, string fee, string country = "ES")
    {
        var customer = $"{world.Customer}-{currency}";
        await service.Provider.Post(
            "/external/v1/customers", world.CustomerBody(customer, currency, country, vatId: null));
        await world.Publish(customer, [World.Flat("BASE", fee, "inArrears")], currency);
        await service.Provider.Post(
            "/external/v1/contracts",
            new { code = customer, customer, plan = customer, planVersion = 1, start = "2026-10-01" });
        var run = await service.Provider.Post(
            "/external/v1/billing-runs", new { month = "2026-10", customer }, HttpStatusCode.Accepted, customer);
        await world.Completed(run.Text("id"));
    }

    private Task<JsonNode> Rate(string currency, string day, string rate) =>
        service.Provider.Post("/external/v1/exchange-rates", new { currency, day, rate });

    private static string Group(JsonNode? group) => string.Join(
        ' ',
        [
            group!.Text("category"), group!.Text("rate"), group!.Text("documents"), group!.Text("base.amount"),
            group!.Text("tax.amount"),
            .. group!["origins"]!.AsArray().Select(origin =>
                $"{origin!.Text("base.currency")} {origin!.Text("base.amount")} {origin!.Text("tax.amount")}"),
        ]);

    private void At(int month, int day) =>
        service.Clock.Set(new DateTimeOffset(2026, month, day, 12, 0, 0, TimeSpan.Zero));

    private static string Path(World world, string month) =>
        $"/external/v1/tax-report?legalEntity={world.Entity}&month={month}";
}
