using System.Net;
using System.Text.Json.Nodes;

namespace ExternalServices.Api.Tests.Billing;

/// <summary>Who is taxed where, at which rate and why not, on the finished invoice.</summary>
public sealed class TaxTests(ExternalService service)
{
    /// <summary>A fee of 100.00 of a Spanish seller: country, VAT id, category, rate, tax, code and reason.</summary>
    [Theory]
    [InlineData("ES", "ESA87654321", "S", "21", "21.00", null, null)]
    [InlineData("ES", null, "S", "21", "21.00", null, null)]
    [InlineData("DE", "DE123456789", "AE", "0", "0.00", "VATEX-EU-AE", "Reverse charge")]
    [InlineData("GR", "EL123456789", "AE", "0", "0.00", "VATEX-EU-AE", "Reverse charge")]
    [InlineData("DE", null, "S", "21", "21.00", null, null)]
    [InlineData("US", null, "O", "0", "0.00", "VATEX-EU-O", "Not subject to VAT")]
    [InlineData("GB", "GB123456789", "O", "0", "0.00", "VATEX-EU-O", "Not subject to VAT")]
    public async Task A_supply_is_taxed_by_the_countries_of_both_sides(
        string country, string? vatId, string category, string rate, string tax, string? code, string? reason)
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        var customer = $"{world.Customer}-T";
        await service.Provider.Post(
            "/external/v1/customers", world.CustomerBody(customer, country: country, vatId: vatId));
        AssertTaxed(await Billed(world, customer), category, rate, tax, code, reason);
    }

    [Theory]
    [InlineData("2026-10-01", null, "E")]
    [InlineData("2026-10-31", "2026-11-01", "E")]
    [InlineData("2026-01-01", "2026-10-31", "S")]
    [InlineData("2026-11-01", null, "S")]
    public async Task An_exemption_counts_at_the_tax_point(string from, string? to, string category)
    {
        const string Reason = "Exempt: medical care";
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await service.Provider.Post(
            Path(world), new { reason = Reason, reasonCode = "VATEX-EU-132", from, to });
        var invoice = await Billed(world, world.Customer);
        if (category == "S") AssertTaxed(invoice, "S", "21", "21.00", null, null);
        else AssertTaxed(invoice, "E", "0", "0.00", "VATEX-EU-132", Reason);
    }

    [Fact]
    public async Task An_exemption_is_ended_and_does_not_reach_abroad()
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        var exemption = await service.Provider.Post(Path(world), new { reason = "Charity", from = "2026-01-01" });
        var end = $"{Path(world)}/{exemption.Text("id")}/end";
        Assert.Equal("day-out-of-range", await Code(end, new { on = "2026-01-01" }));
        var ended = await service.Provider.Post(end, new { on = "2026-10-15" }, HttpStatusCode.OK);
        Assert.Equal("2026-10-15", ended.Text("to"));
        Assert.Equal("day-out-of-range", await Code(end, new { on = "2026-10-16" }));
        AssertTaxed(await Billed(world, world.Customer), "S", "21", "21.00", null, null);

        var abroad = $"{world.Customer}-FR";
        await service.Provider.Post(
            "/external/v1/customers", world.CustomerBody(abroad, country: "FR", vatId: "FR12345678901"));
        await service.Provider.Post(
            $"/external/v1/customers/{abroad}/tax-exemptions", new { reason = "Charity", from = "2026-01-01" });
        AssertTaxed(await Billed(world, abroad), "AE", "0", "0.00", "VATEX-EU-AE", "Reverse charge");
    }

    [Fact]
    public async Task What_cannot_be_an_exemption_is_refused()
    {
        var world = await World.Create(service);
        await service.Provider.Post(Path(world), new { reason = "Charity", from = "2026-01-01", to = "2026-06-01" });
        Assert.Equal(
            "tax-exemption-overlaps",
            await Code(Path(world), new { reason = "Charity", from = "2026-05-31" }, HttpStatusCode.Conflict));
        var refused = await service.Provider.Post(
            Path(world),
            new { reason = " ", reasonCode = "132", from = "2026-07-01", to = "2026-07-01" },
            HttpStatusCode.UnprocessableEntity);
        Assert.Equal(
            ["/reason invalid-text", "/reasonCode invalid-code", "/to ends-before-start"], refused.Errors());
        await service.Provider.Post(
            "/external/v1/customers/NONE/tax-exemptions",
            new { reason = "Charity", from = "2026-01-01" },
            HttpStatusCode.NotFound);
        Assert.Single((await service.As(world.Customer).Get(Path(world)))["items"]!.AsArray());
        await service.As("STRANGER").Get(Path(world), HttpStatusCode.NotFound);
        await service.As(world.Customer).Post(
            Path(world), new { reason = "Charity", from = "2027-01-01" }, HttpStatusCode.Forbidden);
    }

    private async Task<JsonNode> Billed(World world, string customer)
    {
        await world.Publish($"{customer}-P", [World.Flat("BASE", "100.00", "inArrears")]);
        await service.Provider.Post(
            "/external/v1/contracts",
            new { code = $"{customer}-C", customer, plan = $"{customer}-P", planVersion = 1, start = "2026-10-01" });
        var run = await service.Provider.Post(
            "/external/v1/billing-runs",
            new { month = "2026-10", customer },
            HttpStatusCode.Accepted,
            $"tax-{customer}");
        await world.Completed(run.Text("id"));
        var listed = await service.Provider.Get($"/external/v1/invoices?customer={customer}");
        return await service.Provider.Get($"/external/v1/invoices/{listed.Text("items.0.id")}");
    }

    private static void AssertTaxed(
        JsonNode invoice, string category, string rate, string tax, string? code, string? reason)
    {
        var group = Assert.Single(invoice["taxes"]!.AsArray())!;
        Assert.Equal(
            [category, rate, "100.00", tax, code, reason],
            [
                group.Text("category"), group.Text("rate"), group.Text("base.amount"), group.Text("tax.amount"),
                group["reasonCode"]?.ToString(), group["reason"]?.ToString(),
            ]);
        Assert.Equal([category, rate], [invoice.Text("lines.0.taxCategory"), invoice.Text("lines.0.taxRate")]);
        Assert.Equal(tax, invoice.Text("tax.amount"));
    }

    private async Task<string> Code(
        string path, object body, HttpStatusCode status = HttpStatusCode.UnprocessableEntity) =>
        (await service.Provider.Post(path, body, status)).Code();

    private static string Path(World world) => $"/external/v1/customers/{world.Customer}/tax-exemptions";
}
