using System.Text.Json.Nodes;

namespace ExternalServices.Api.Tests.Billing;

public sealed class BillingRunTests(ExternalService service)
{
    [Fact]
    public async Task A_month_is_billed_once_with_fees_usage_and_tax()
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
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
        Assert.Equal("1", $"{(await world.Invoices()).Count}");
    }

    private static string[] Figures(JsonNode run) =>
        [run.Text("contractsTotal"), run.Text("contractsDone"), run.Text("invoices"), run.Text("failures")];
}
