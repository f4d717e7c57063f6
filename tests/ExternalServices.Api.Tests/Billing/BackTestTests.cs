using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace ExternalServices.Api.Tests.Billing;

/// <summary>What a plan version would have cost is what it does cost those who signed it.</summary>
public sealed class BackTestTests(MovableService service) : IClassFixture<MovableService>
{
    private static readonly object[] Old =
        [World.Flat("BASE", "310.00", "inAdvance"), World.PerUnit("STORAGE", "0.25")];

    private static readonly object[] New =
    [
        World.Flat("BASE", "99.90", "inArrears"), World.PerUnit("STORAGE", "0.45"),
        World.Flat("DESK", "7", "inAdvance"),
    ];

    private static readonly object Minimum = new
    {
        code = "MIN",
        service = "STORAGE",
        description = "At least",
        amount = "60.00",
        scope = new[] { "STORAGE" },
    };

    /// <summary>September, with late usage, and October; the first's plan is tried as what the second has.</summary>
    [Fact]
    public async Task A_draft_is_tried_on_months_that_are_over_and_changes_nothing()
    {
        At(2026, 10, 2);
        var first = await World.Create(service);
        await first.Tax("ES", "21");
        await first.Publish(first.Plan, Old);
        var second = await World.Create(service);
        await second.Publish(second.Plan, New, commitments: Minimum);
        foreach (var world in new[] { first, second })
        {
            await world.SignOn(world.Plan, world.Contract, "2026-09-11");
            await world.Record(
                world.Usage("1", "2026-09-15T10:00:00Z", "123.4"), world.Usage("2", "2026-09-20T10:00:00Z", "1000"));
        }

        foreach (var world in new[] { first, second }) await world.Bill("2026-09");
        foreach (var world in new[] { first, second })
        {
            await world.Record(world.Usage("late", "2026-09-15T10:00:00Z", "50"));
        }

        At(2026, 11, 20);
        foreach (var world in new[] { first, second })
        {
            await world.Record(world.Usage("3", "2026-10-15T10:00:00Z", "12"));
            await world.Bill("2026-10");
        }

        await service.Provider.Post(
            $"/external/v1/plans/{first.Plan}/versions", new { charges = New, commitments = new[] { Minimum } });
        var before = await service.Database.Digest();
        var tested = await service.Provider.Get($"/external/v1/plans/{first.Plan}/versions/2/back-test?months=2");
        Assert.Equal(before, await service.Database.Digest());

        var customer = Assert.Single(tested["items"]!.AsArray())!;
        Assert.Equal(
            [first.Customer, "2026-09", "2026-10"], new[] { "customer", "from", "through" }.Select(customer.Text));
        var (agreed, tried) = (await Billed(first), await Billed(second));
        Assert.Equal(
            [agreed, tried, tried - agreed],
            new[] { "agreed", "tried", "difference" }.Select(name => Amount(customer, name)));
        Assert.Equal(tried, Amount(customer["contracts"]![0]!, "tried"));
        var own = await service.Provider.Get($"/external/v1/plans/{second.Plan}/versions/1/back-test?months=2");
        Assert.Equal("0.00", own.Text("items.0.difference.amount"));
    }

    [Fact]
    public async Task What_is_agreed_differently_stays_where_it_fits()
    {
        At(2026, 11, 20);
        var world = await World.Create(service);
        await world.Publish(world.Plan, Old);
        await service.Provider.Post("/external/v1/contracts", new
        {
            code = world.Contract,
            customer = world.Customer,
            plan = world.Plan,
            planVersion = 1,
            start = "2026-10-01",
            overrides = new object[]
            {
                new { charge = "BASE", quantity = "2" },
                new { charge = "STORAGE", price = new { model = "perUnit", unitPrice = "0.20" } },
            },
        });
        await world.Record(world.Usage("1", "2026-10-15T10:00:00Z", "100"));
        await service.Provider.Post(
            $"/external/v1/plans/{world.Plan}/versions",
            new { charges = new[] { World.Flat("BASE", "10", "inAdvance") } });
        var tested = await service.Provider.Get($"/external/v1/plans/{world.Plan}/versions/2/back-test?months=1");
        Assert.Equal(
            ["640.00", "20.00", "STORAGE"],
            new[] { "agreed.amount", "tried.amount", "contracts.0.overridesLeftOut.0" }
                .Select(path => tested.Text($"items.0.{path}")));
    }

    [Fact]
    public async Task Customers_come_in_pages()
    {
        At(2026, 11, 20);
        var world = await World.Create(service);
        await world.Publish(world.Plan, Old);
        await world.SignOn(world.Plan, world.Contract, "2026-10-01");
        var other = $"{world.Customer}-B";
        await service.Provider.Post("/external/v1/customers", world.CustomerBody(other));
        await service.Provider.Post(
            "/external/v1/contracts",
            new { code = other, customer = other, plan = world.Plan, planVersion = 1, start = "2026-10-01" });
        var path = $"/external/v1/plans/{world.Plan}/versions/1/back-test?months=1&limit=1";
        var page = await service.Provider.Get(path);
        Assert.Equal(world.Customer, Assert.Single(page["items"]!.AsArray())!.Text("customer"));
        var rest = await service.Provider.Get($"{path}&cursor={page.Text("next")}");
        Assert.Equal(other, Assert.Single(rest["items"]!.AsArray())!.Text("customer"));
        Assert.Null(rest["next"]);
    }

    [Theory]
    [InlineData("versions/1/back-test?months=0", HttpStatusCode.BadRequest, "unreadable")]
    [InlineData("versions/1/back-test?months=25", HttpStatusCode.BadRequest, "unreadable")]
    [InlineData("versions/1/back-test?months=x", HttpStatusCode.BadRequest, "unreadable")]
    [InlineData("versions/9/back-test", HttpStatusCode.NotFound, "plan-version-not-found")]
    public async Task What_cannot_be_tested_is_refused(string query, HttpStatusCode status, string code)
    {
        At(2026, 11, 20);
        var world = await World.Create(service);
        await world.Publish(world.Plan, Old);
        Assert.Equal(code, (await service.Provider.Get($"/external/v1/plans/{world.Plan}/{query}", status)).Code());
    }

    private static async Task<decimal> Billed(World world) =>
        (await world.Invoices()).Sum(invoice => Amount(invoice!, "net"));

    private static decimal Amount(JsonNode node, string name) =>
        decimal.Parse(node.Text($"{name}.amount"), CultureInfo.InvariantCulture);

    private void At(int year, int month, int day) =>
        service.Clock.Set(new DateTimeOffset(year, month, day, 12, 0, 0, TimeSpan.Zero));
}
