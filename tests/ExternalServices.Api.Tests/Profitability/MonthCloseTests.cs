using System.Net;
using System.Text.Json.Nodes;
using ServiceMesh.Contracts;

namespace ExternalServices.Api.Tests.Profitability;

/// <summary>
/// Months belong to the whole service, so these tests have one of their own, and each test its own months.
/// </summary>
public sealed class MonthCloseTests(ClosingService service) : IClassFixture<ClosingService>
{
    [Fact]
    public async Task A_month_closes_with_every_cent_on_a_customer()
    {
        await using var inside = await InternalSide.Connect(service.Vhost);
        var acme = await World.Create(service);
        var globex = await World.Create(service);
        await acme.Sign(
            "2026-03-01", "2026-04-01", World.Flat("BASE", "310.00", "inArrears"), World.PerUnit("STORAGE", "0.10"));
        await globex.Sign("2026-03-16", "2026-04-01", World.Flat("BASE", "310.00", "inAdvance"));
        await acme.Record(acme.Usage("1", "2026-03-10T10:00:00Z", "100"));
        await globex.Record(globex.Usage("1", "2026-03-31T21:59:59Z", "200"));

        var usage = await inside.Close("2026-03");
        Assert.Equal(UsageFinalized.ChecksumOf(usage.Services), usage.Checksum);
        Assert.Equal(
            ["COMPUTE 0 0", "RETIRED 0 0", "STORAGE 300 2", "SUPPORT 0 0"],
            usage.Services.Select(used => $"{used.Service} {used.Quantity} {used.Rows}"));

        var run = InternalSide.NewRun();
        await inside.Tell(
            "2026-03",
            run,
            [InternalSide.Cost("STORAGE", 100, 300), InternalSide.Cost("SUPPORT", 8, 0)],
            [InternalSide.Direct(globex.Customer, 5), InternalSide.Direct("GONE", 7)],
            residual: 10);
        var answer = await inside.Answer(run);
        Assert.Equal(["130", "480"], [$"{answer.Cost:0.##}", $"{answer.Revenue:0.##}"]);

        var customers = await service.Provider.Get("/external/v1/profitability/customers?month=2026-03");
        Assert.Equal(
            [
                $"{acme.Customer} 320.00 33.33 0.00 12.00 274.67 85.83",
                $"{globex.Customer} 160.00 66.67 5.00 6.00 82.33 51.46",
                "GONE 0.00 0.00 7.00 0.00 -7.00 ",
            ],
            customers["items"]!.AsArray().Select(Figures));
        await Reconciled(inside, run);
    }

    private static string Figures(JsonNode? customer) => string.Join(
        ' ',
        customer!.Text("customer"),
        customer!.Text("revenue.amount"),
        customer!.Text("serviceCost.amount"),
        customer!.Text("directCost.amount"),
        customer!.Text("residual.amount"),
        customer!.Text("margin.amount"),
        $"{customer!["marginPercent"]}");

    private async Task Reconciled(InternalSide inside, Guid run)
    {
        Assert.Equal("calculated", (await service.Provider.Get("/external/v1/cost-months/2026-03")).Text("state"));
        await inside.End("2026-03", run, 130);
        await Testing.Eventually.Gives(
            () => service.Provider.Get("/external/v1/cost-months/2026-03"), month => month.Text("state") == "closed");

        var reconciled = await service.Provider.Get("/external/v1/profitability/reconciliation?month=2026-03");
        Assert.Equal(
            ["130.00", "130.00", "0.00"],
            [
                reconciled.Text("cost.customers.amount"), reconciled.Text("cost.externalShare.amount"),
                reconciled.Text("cost.difference.amount"),
            ]);
        Assert.Equal(
            ["480.00", "480.00", "0.00", "480.00", "0.00", "0.00"],
            new[] { "recognised", "earned", "invoiced", "accrued", "deferred", "difference" }
                .Select(figure => reconciled.Text($"revenue.0.{figure}.amount")));
    }

    [Fact]
    public async Task A_frozen_month_stays_as_it_is_and_later_usage_counts_in_the_next()
    {
        await using var inside = await InternalSide.Connect(service.Vhost);
        var world = await World.Create(service);
        await world.Sign("2026-05-01", "2026-07-01", World.PerUnit("COMPUTE", "1"));
        await world.Record(world.Usage("1", "2026-05-10T10:00:00Z", "1.5", "COMPUTE"));

        var first = await inside.Close("2026-05");
        await world.Record(world.Usage("2", "2026-05-11T10:00:00Z", "40", "COMPUTE"));
        var again = await inside.Close("2026-05");
        Assert.Equal(first.Checksum, again.Checksum);
        Assert.Equal(1.5m, again.Services.Single(used => used.Service == "COMPUTE").Quantity);
        Assert.NotEqual(first.EventId, again.EventId);
        var next = await inside.Close("2026-06");
        Assert.Equal(40m, next.Services.Single(used => used.Service == "COMPUTE").Quantity);

        var (may, june) = (InternalSide.NewRun(), InternalSide.NewRun());
        await inside.Tell("2026-05", may, [InternalSide.Cost("COMPUTE", 1, 1.5m)], [], 0);
        Assert.Equal(1.5m, (await inside.Answer(may)).Revenue);
        await inside.Tell("2026-06", june, [InternalSide.Cost("COMPUTE", 10, 40)], [], 0);
        Assert.Equal(40m, (await inside.Answer(june)).Revenue);
    }

    [Fact]
    public async Task What_is_taken_out_of_a_frozen_month_lessens_the_next_and_what_is_only_recorded_earns_nothing()
    {
        await using var inside = await InternalSide.Connect(service.Vhost);
        var (world, other) = (await World.Create(service), await World.Create(service));
        await world.Tax("ES", "21");
        await world.Sign("2026-01-01", "2026-03-01", World.PerUnit("COMPUTE", "1"));
        await other.Publish(other.Plan, [World.PerUnit("COMPUTE", "1")]);
        await other.SignOn(other.Plan, other.Contract, "2026-01-01", "2026-03-01", "recordOnly");
        await world.Record(Compute(world, "1", "2026-01-10", "10"), Compute(world, "2", "2026-01-10", "4"));
        await other.Record(Compute(other, "1", "2026-01-10", "5"));
        await other.Bill("2026-01");
        await other.Record(Compute(other, "late", "2026-01-11", "7"));
        var usage = await inside.Close("2026-01");
        Assert.Equal(26m, usage.Services.Single(used => used.Service == "COMPUTE").Quantity);

        await service.Provider.Post(
            $"/external/v1/usage-events/{world.Customer}/meter/2/void",
            new { reason = "Counted twice" },
            HttpStatusCode.OK,
            $"void-{world.Customer}");
        await world.Record(Compute(world, "3", "2026-02-10", "20"));
        var next = await inside.Close("2026-02");
        Assert.Equal(16m, next.Services.Single(used => used.Service == "COMPUTE").Quantity);

        var (january, february) = (InternalSide.NewRun(), InternalSide.NewRun());
        await inside.Tell("2026-01", january, [InternalSide.Cost("COMPUTE", 26, 26)], [], 0);
        Assert.Equal(19m, (await inside.Answer(january)).Revenue);
        await inside.Tell("2026-02", february, [InternalSide.Cost("COMPUTE", 16, 16)], [], 0);
        Assert.Equal(16m, (await inside.Answer(february)).Revenue);
    }

    private static object Compute(World world, string id, string day, string quantity) =>
        world.Usage(id, $"{day}T10:00:00Z", quantity, "COMPUTE");

    [Fact]
    public async Task A_month_that_cannot_be_reckoned_says_why_and_goes_on()
    {
        await using var inside = await InternalSide.Connect(service.Vhost);
        var world = await World.Create(service);
        var code = $"{world.Customer}-GB";
        await service.Provider.Post(
            "/external/v1/customers", world.CustomerBody(code, "GBP", "GB", null, "Europe/London"));
        await world.Publish($"{world.Plan}-GBP", [World.Flat("BASE", "100.00", "inArrears")], "GBP");
        var plan = $"{world.Plan}-GBP";
        await service.Provider.Post(
            "/external/v1/contracts",
            new { code, customer = code, plan, planVersion = 1, start = "2026-07-01", end = "2026-08-01" });

        await inside.Close("2026-07");
        var run = InternalSide.NewRun();
        await inside.Tell("2026-07", run, [InternalSide.Cost("SUPPORT", 50, 0)], [], 0);
        var blocked = await Testing.Eventually.Gives(
            () => service.Provider.Get("/external/v1/cost-months/2026-07"), month => month["blockedBy"] is not null);
        Assert.Equal(["frozen", "exchange-rate-missing"], [blocked.Text("state"), blocked.Text("blockedBy")]);
        var none = await service.Provider.Get(
            "/external/v1/profitability/customers?month=2026-07", HttpStatusCode.NotFound);
        Assert.Equal("profitability-not-found", none.Code());

        await service.Provider.Post(
            "/external/v1/exchange-rates", new { currency = "GBP", day = "2026-07-31", rate = "1.155" });
        await inside.Tell("2026-07", run, [InternalSide.Cost("SUPPORT", 50, 0)], [], 0);
        Assert.Equal(115.5m, (await inside.Answer(run)).Revenue);
        var customers = await service.Provider.Get("/external/v1/profitability/customers?month=2026-07");
        Assert.Equal(
            ["115.50 EUR", "100.00 GBP", "1.155"],
            [
                Money(customers, "items.0.revenue"), Money(customers, "items.0.contractRevenue"),
                customers.Text("items.0.exchangeRate"),
            ]);
        Assert.Null((await service.Provider.Get("/external/v1/cost-months/2026-07"))["blockedBy"]);
    }

    private static string Money(JsonNode node, string path) =>
        $"{node.Text(path + ".amount")} {node.Text(path + ".currency")}";

    [Theory]
    [InlineData("2026-13")]
    [InlineData("2026-1")]
    [InlineData("october")]
    public async Task A_month_that_does_not_exist_is_unreadable(string month)
    {
        await service.Provider.Get($"/external/v1/cost-months/{month}", HttpStatusCode.BadRequest);
        await service.Provider.Get($"/external/v1/profitability/customers?month={month}", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_untouched_month_is_open() =>
        Assert.Equal("open", (await service.Provider.Get("/external/v1/cost-months/2026-09")).Text("state"));

    [Fact]
    public async Task Customers_see_no_margins() =>
        await service.As("ACME").Get("/external/v1/profitability/customers?month=2026-03", HttpStatusCode.Forbidden);
}

/// <summary>A service whose months only these tests close.</summary>
public sealed class ClosingService : ExternalService;
