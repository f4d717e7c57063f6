using System.Globalization;

namespace InternalServices.Api.Tests;

/// <summary>Every driver, by each method, as a rule set says it.</summary>
public sealed class DriverTests : IAsyncLifetime
{
    private const string MonthName = "2026-09";

    private readonly InternalServicesFixture _mesh = new();
    private Organisation _organisation = null!;
    private string _research = null!;
    private string _sales = null!;
    private string _rent = null!;
    private string _desk = null!;

    public async ValueTask InitializeAsync()
    {
        await _mesh.InitializeAsync();
        _organisation = new Organisation(_mesh.Provider);
        (_research, _sales) = (await _organisation.Department("RESEARCH"), await _organisation.Department("SALES"));
        (_rent, _desk) = (await _organisation.Pool(), await _organisation.Pool());
        await Cost(_rent, "1000.00");
        await Cost(_desk, "600.00");
        await Count(_sales, ("headcount", "3"), ("floor-area", "100"));
        await Count(_research, ("headcount", "1"), ("floor-area", "300"));
        await Count("UNALLOCATED", ("floor-area", "100"));
    }

    /// <summary>The desk uses 100 of the rented area, and one head of the desk looks after the building.</summary>
    [Theory]
    [InlineData("direct", "750.00", "650.00", "200.00")]
    [InlineData("stepDown", "691.67", "741.67", "166.66")]
    [InlineData("reciprocal", "737.94", "668.96", "193.10")]
    public async Task Statistics_of_the_month_drive_by_each_method(
        string method, string research, string sales, string unallocated)
    {
        await Rules(
            method,
            Rule(
                _rent, new { kind = "statistic", statistic = "floor-area", consumers = Using(_desk, "100") }, order: 1),
            Rule(_desk, new { kind = "headcount", statistic = "headcount", consumers = Using(_rent, "1") }, order: 2));

        Assert.Equal((research, sales, unallocated), await Totals());
    }

    [Theory]
    [InlineData("even", null, null, "350.00", "350.00")]
    [InlineData("fixedPercent", "12.5", "87.5", "87.50", "612.50")]
    [InlineData("headcount", "2", "5", "200.00", "500.00")]
    [InlineData("statistic", "0.001", "0.006", "100.00", "600.00")]
    [InlineData("time", "90", "15", "600.00", "100.00")]
    public async Task Quantities_that_a_rule_names_drive_as_they_stand(
        string kind, string? ofResearch, string? ofSales, string research, string sales)
    {
        var pool = await _organisation.Pool();
        await Cost(pool, "700.00", "2026-08");
        var consumers = new[]
        {
            new { department = _research, quantity = ofResearch },
            new { department = _sales, quantity = ofSales },
        };
        await Rules("direct", Rule(pool, new { kind, consumers }));

        Assert.Equal((research, sales, "0.00"), await Totals("2026-08"));
    }

    [Fact]
    public async Task Usage_and_time_drive_by_what_was_recorded()
    {
        var service = await _organisation.Service(_sales);
        await Used(service, _sales, "1.5");
        await Used(service, _sales, "0.5");
        await Used(service, _research, "6");
        await Count(_sales, "\"1\"", ("hours", "30"));
        await Count(_research, "\"1\"", ("hours", "10"));
        await Rules(
            "direct",
            Rule(_rent, new { kind = "usage", service }),
            Rule(_desk, new { kind = "time", statistic = "hours" }));

        Assert.Equal(("900.00", "700.00", "0.00"), await Totals());
    }

    [Fact]
    public async Task A_statistic_that_changes_gives_another_run()
    {
        await Rules(
            "direct",
            Rule(_rent, new { kind = "statistic", statistic = "floor-area" }),
            Rule(_desk, new { kind = "headcount", statistic = "headcount" }));
        var first = (await Run()).Is(201).Text("id");
        Assert.Equal(first, (await Run()).Is(200).Text("id"));

        await Count(_sales, "\"1\"", ("headcount", "4"), ("floor-area", "100"));
        Assert.NotEqual(first, (await Run()).Is(201).Text("id"));
        (await _mesh.Provider.Post($"runs/{first}/post", key: ApiClient.NewKey())).Refuses(409, "inputs-changed");
    }

    [Fact]
    public async Task A_rule_says_what_it_means_or_is_refused()
    {
        async Task Refused(object driver, string field, string code) => (await _mesh.Provider.Post(
            "rule-sets", new { method = "direct", rules = new[] { Rule(_rent, driver) } }))
            .Refuses(422, "invalid-fields").RefusesField($"/rules/0/driver{field}", code);

        var sales = new[] { new { department = _sales, quantity = "1" } };
        await Refused(new { kind = "even", statistic = "headcount" }, "/statistic", "statistic-mismatch");
        await Refused(new { kind = "usage", service = "NONE" }, "/service", "service-not-found");
        await Refused(new { kind = "usage" }, "/service", "service-mismatch");
        await Refused(new { kind = "headcount" }, "/consumers", "consumers-mismatch");
        await Refused(
            new { kind = "headcount", statistic = "headcount", consumers = sales }, "/consumers", "consumers-mismatch");
        await Refused(new { kind = "statistic", statistic = "floor area" }, "/statistic", "invalid-code");
        await Refused(new { kind = "even", consumers = sales }, "/consumers/0/quantity", "invalid-quantity");
        await Refused(new { kind = "fixedPercent", consumers = sales }, "/consumers", "shares-not-100");
        await Refused(
            new { kind = "time", consumers = new[] { sales[0], sales[0] } }, "/consumers", "consumer-repeated");
        await Refused(
            new { kind = "time", consumers = new[] { new { department = "NOBODY", quantity = "1" } } },
            "/consumers/0/department",
            "department-not-found");
        await Refused(
            new { kind = "time", consumers = Using("NOTHING", "1") }, "/consumers/0/pool", "pool-not-found");
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private async Task Cost(string pool, string amount, string month = MonthName) => (await _mesh.Provider.Post(
        $"cost-pools/{pool}/entries/batch", new[] { EntryItem.Of(month, amount) })).Is(200);

    private Task Count(string department, params (string Code, string Quantity)[] statistics) =>
        Count(department, "\"0\"", statistics);

    private async Task Count(string department, string etag, params (string Code, string Quantity)[] statistics) =>
        (await _mesh.Provider.Put(
            $"departments/{department}/statistics/{MonthName}",
            new { statistics = statistics.Select(each => new { code = each.Code, quantity = each.Quantity }) },
            etag)).Is(200);

    private async Task Used(string service, string department, string quantity) => (await _mesh.Provider.Post(
        "usage/batch",
        new[]
        {
            new UsageItem("meter", Organisation.Code("U"), department, service, "2026-09-05T09:30:00Z", quantity),
        }))
        .Is(200);

    private async Task Rules(string method, params object[] rules) =>
        (await _mesh.Provider.Post("rule-sets", new { method, rules })).Is(201);

    private static object Rule(string pool, object driver, int order = 0) => new { pool, driver, order };

    private static object[] Using(string pool, string quantity) => [new { pool, quantity }];

    private Task<ApiAnswer> Run(string month = MonthName) =>
        _mesh.Provider.Post("runs", new { month }, ApiClient.NewKey());

    private async Task<(string Research, string Sales, string Unallocated)> Totals(string month = MonthName)
    {
        var run = (await Run(month)).Is(201);
        var lines = (await _mesh.Provider.Get($"runs/{run.Text("id")}/lines")).Is(200).Items.ToLookup(
            line => (string)line["department"]!,
            line => decimal.Parse((string)line["amount"]!["amount"]!, CultureInfo.InvariantCulture));
        string Of(string department) => lines[department].Sum().ToString("0.00", CultureInfo.InvariantCulture);
        Assert.Equal((string)run["unallocated"]["amount"]!, Of("UNALLOCATED"));
        return (Of(_research), Of(_sales), Of("UNALLOCATED"));
    }
}
