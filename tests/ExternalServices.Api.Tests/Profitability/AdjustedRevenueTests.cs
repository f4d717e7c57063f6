using System.Net;
using System.Text.Json.Nodes;
using ExternalServices.Api.Tests.Billing;

namespace ExternalServices.Api.Tests.Profitability;

/// <summary>What documents change of the revenue that contracts tell; each test has months of its own.</summary>
public sealed class AdjustedRevenueTests(ClosingService service) : IClassFixture<ClosingService>
{
    [Fact]
    public async Task What_is_credited_of_a_fee_in_advance_is_taken_back_by_day_as_in_the_books()
    {
        await using var inside = await InternalSide.Connect(service.Vhost);
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await world.Publish(world.Plan, [World.Flat("BASE", "1200.00", "inAdvance")], monthsPerPeriod: 12);
        await world.SignOn(world.Plan, world.Contract, "2026-01-01", "2027-01-01");
        await world.Bill("2026-01");
        Assert.Equal(("101.92", "101.92"), (await Margin(inside, world, "2026-01"), await Books(world, "2026-01")));

        await world.Credit(await world.TheInvoice(), Money.Credit(1, "300.00"));
        await world.Credit(await world.TheInvoice(), Money.Credit(1, "300.00"));
        Assert.Equal(("-4.93", "-4.93"), (await Margin(inside, world, "2026-02"), await Books(world, "2026-02")));
        Assert.Equal(("50.96", "50.96"), (await Margin(inside, world, "2026-03"), await Books(world, "2026-03")));

        var reconciled = await service.Provider.Get("/external/v1/profitability/reconciliation?month=2026-02");
        Assert.Equal(
            ["-4.93", "-96.98", "193.97"],
            new[] { "recognised", "adjusted", "earned" }.Select(name => reconciled.Text($"revenue.0.{name}.amount")));
    }

    [Fact]
    public async Task A_cancelled_invoice_earns_nothing_unless_it_is_due_again()
    {
        await using var inside = await InternalSide.Connect(service.Vhost);
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await world.Sign("2024-01-01", "2024-03-01", World.Flat("BASE", "100.00", "inAdvance"));
        await world.Bill("2024-01");
        var january = await world.TheInvoice();
        await world.Bill("2024-02");
        var february = (await world.Invoices()).Single(invoice => invoice!.Text("id") != january.Text("id"))!;
        await Cancel(world, january, billAgain: true);
        await Cancel(world, february, billAgain: false);

        Assert.Equal("100.00", await Margin(inside, world, "2024-01"));
        Assert.Equal("0.00", await Margin(inside, world, "2024-02"));
    }

    [Fact]
    public async Task A_true_up_is_revenue_once_it_is_issued_and_what_is_credited_of_it_is_not()
    {
        await using var inside = await InternalSide.Connect(service.Vhost);
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await world.Publish(
            world.Plan,
            [World.PerUnit("STORAGE", "0.25")],
            commitments: new { code = "MIN", service = "STORAGE", description = "At least", amount = "90.00" });
        await world.SignOn(world.Plan, world.Contract, "2025-01-01", "2025-02-01");
        await world.Record(world.Usage("1", "2025-01-10T10:00:00Z", "100"));
        Assert.Equal("25.00", await Margin(inside, world, "2025-01"));

        await world.Bill("2025-01");
        var invoice = await world.TheInvoice();
        Assert.Equal(["charge 25.00", "trueUp 65.00"], Lines(invoice));
        Assert.Equal("65.00", await Margin(inside, world, "2025-02"));
        await world.Credit(invoice, Money.Credit(2, "20.00"));
        Assert.Equal("-20.00", await Margin(inside, world, "2025-03"));
    }

    private static IEnumerable<string> Lines(JsonNode invoice) =>
        invoice["lines"]!.AsArray().Select(line => $"{line!.Text("kind")} {line!.Text("net.amount")}");

    /// <summary>The customer's revenue of a month that closes now.</summary>
    private async Task<string> Margin(InternalSide inside, World world, string month)
    {
        await inside.Close(month);
        var run = InternalSide.NewRun();
        await inside.Tell(month, run, [], [InternalSide.Direct(world.Customer, 1)], 0);
        await inside.Answer(run);
        var customers = await service.Provider.Get($"/external/v1/profitability/customers?month={month}");
        return customers["items"]!.AsArray()
            .Single(customer => customer!.Text("customer") == world.Customer)!.Text("revenue.amount");
    }

    /// <summary>What the books recognise in the month.</summary>
    private static async Task<string> Books(World world, string month) =>
        (await world.Provider.Post(
            "/external/v1/revenue/recognition-runs",
            new { legalEntity = world.Entity, month },
            HttpStatusCode.Created,
            Money.Key())).Text("recognised.0.amount.amount");

    private static Task<JsonNode> Cancel(World world, JsonNode invoice, bool billAgain) => world.Act(
        invoice, "cancel", new { reason = "Wrong address", billAgain }, HttpStatusCode.Created);
}
