using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ExternalServices.Api.Tests.Billing;

/// <summary>The published prices, from the plan to the finalized invoice.</summary>
public sealed class PricingCasesTests(ExternalService service)
{
    private static readonly Cases Pricing = new("pricing");
    private static readonly string[] NotInThePrice = ["paidTransactions", "transactions"];

    [Fact]
    public async Task Every_price_comes_out_on_the_invoice_as_published()
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        var names = Pricing
            .Where(input => input.TryGetProperty("quantity", out _) && !input.TryGetProperty("previousQuantity", out _))
            .Select(row => row.Data)
            .ToList();
        Assert.True(names.Count > 60, $"{names.Count} cases");
        for (var i = 0; i < names.Count; i++)
        {
            await Contract(world, $"{world.Customer}-P{i}", Pricing[names[i]].GetProperty("input"));
        }

        var run = await service.Provider.Post(
            "/external/v1/billing-runs",
            new { month = "2026-10", legalEntity = world.Entity },
            HttpStatusCode.Accepted,
            $"prices-{world.Entity}");
        await world.Completed(run.Text("id"));

        for (var i = 0; i < names.Count; i++)
        {
            var expected = Pricing[names[i]].GetProperty("expected").Number("amount");
            Assert.Equal((names[i], expected), (names[i], await Billed($"{world.Customer}-P{i}")));
        }
    }

    private async Task Contract(World world, string customer, JsonElement input)
    {
        await service.Provider.Post(
            "/external/v1/customers", world.CustomerBody(customer, input.Text("currency")));
        var price = JsonNode.Parse(input.GetProperty("charge").GetRawText())!.AsObject();
        foreach (var member in NotInThePrice) price.Remove(member);
        price["model"] = input.Text("model");
        var charge = new { code = "C", service = "STORAGE", description = "d", price };
        await world.Publish(customer, [charge], input.Text("currency"));
        await service.Provider.Post(
            "/external/v1/contracts",
            new { code = customer, customer, plan = customer, planVersion = 1, start = "2026-10-01" });
        var events = Quantities(input)
            .Select((quantity, i) => new
            {
                source = "meter",
                id = $"{i}",
                customer,
                service = "STORAGE",
                at = $"2026-10-{i + 1:D2}T12:00:00Z",
                quantity = quantity.ToString(CultureInfo.InvariantCulture),
            })
            .ToArray();
        if (events.Length > 0) await world.Record(events);
    }

    /// <summary>Events that sum to the quantity, as many of them paid as the case says.</summary>
    private static IEnumerable<decimal> Quantities(JsonElement input)
    {
        var (charge, quantity) = (input.GetProperty("charge"), input.Number("quantity"));
        var (free, transactions) = (charge.Number("free", 0), charge.Numbers("transactions"));
        if (transactions.Count > 0) return transactions;
        if (!charge.TryGetProperty("paidTransactions", out var paid)) return quantity == 0 ? [] : [quantity];
        var share = Enumerable.Repeat((quantity - free) / Math.Max(paid.GetInt32(), 1), paid.GetInt32());
        return free > 0 && quantity > 0 ? share.Prepend(free) : share;
    }

    private async Task<decimal> Billed(string customer)
    {
        var invoices = (await service.Provider.Get($"/external/v1/invoices?customer={customer}"))["items"]!.AsArray();
        if (invoices.Count == 0) return 0;
        var invoice = await service.Provider.Get($"/external/v1/invoices/{Assert.Single(invoices)!.Text("id")}");
        var path = $"/external/v1/invoices/{invoice.Text("id")}/lines/1/explanation";
        Assert.True((await service.Provider.Get(path))["isEqual"]!.GetValue<bool>());
        return decimal.Parse(invoice.Text("lines.0.net.amount"), CultureInfo.InvariantCulture);
    }
}
