namespace InternalServices.Api.Tests;

/// <summary>What cannot be allocated is refused as a whole, with the pools and the way that leads nowhere.</summary>
public sealed class RunRefusalTests : IAsyncLifetime
{
    private const string Month = "2026-09";

    private readonly InternalServicesFixture _mesh = new();
    private Organisation _organisation = null!;
    private string _sales = null!;
    private string _one = null!;
    private string _two = null!;

    public async ValueTask InitializeAsync()
    {
        await _mesh.InitializeAsync();
        _organisation = new Organisation(_mesh.Provider);
        _sales = await _organisation.Department("SALES");
        (_one, _two) = (await _organisation.Pool(), await _organisation.Pool());
        await Cost(_one, "100.00");
        await Cost(_two, "60.00");
    }

    [Fact]
    public async Task Pools_that_feed_only_each_other_reach_nobody()
    {
        await Rules("reciprocal", Rule(_one, ByTime(null, _two)), Rule(_two, ByTime(null, _one)));

        var refused = (await Run()).Refuses(422, "no-final-consumer")
            .RefusesField($"/pools/{_one}", "no-final-consumer")
            .RefusesField($"/pools/{_two}", "no-final-consumer");
        Assert.Contains($"{_one} → {_two} → {_one}", refused.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pool_that_only_a_pool_uses_reaches_nobody_directly()
    {
        await Rules("direct", Rule(_one, ByTime(null, _two)), Rule(_two, ByTime(_sales, null)));

        var refused = (await Run()).Refuses(422, "no-final-consumer")
            .RefusesField($"/pools/{_one}", "no-final-consumer");
        Assert.Contains($"{_one} → {_two}", refused.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_statistic_that_nobody_counted_is_missing()
    {
        await Rules(
            "direct",
            Rule(_one, new { kind = "statistic", statistic = "floor-area" }, "unallocated"),
            Rule(_two, ByTime(_sales, null)));

        (await Run()).Refuses(422, "driver-missing").RefusesField($"/pools/{_one}", "driver-missing");
    }

    [Theory]
    [InlineData("refuse", null)]
    [InlineData("even", "0.00")]
    [InlineData("unallocated", "100.00")]
    public async Task Quantities_that_are_all_zero_do_what_the_rule_says(string whenZero, string? unallocated)
    {
        await Rules("direct", Rule(_one, ByTime(_sales, null, "0"), whenZero), Rule(_two, ByTime(_sales, null)));

        if (unallocated is null)
        {
            (await Run()).Refuses(422, "driver-zero").RefusesField($"/pools/{_one}", "driver-zero");
        }
        else
        {
            Assert.Equal(unallocated, (string)(await Run()).Is(201)["unallocated"]["amount"]!);
        }
    }

    [Fact]
    public async Task Pools_beyond_their_capacity_that_charge_each_other_more_than_they_cost_are_refused()
    {
        object Capped(string pool, string consumer) => new
        {
            pool,
            driver = new { kind = "time", consumers = new object[] { new { pool = consumer, quantity = "10" } } },
            capacity = new { practical = "4", owner = _sales },
        };
        await Rules("reciprocal", Capped(_one, _two), Capped(_two, _one));

        (await Run()).Refuses(422, "capacity-diverges");
    }

    [Fact]
    public async Task Sums_that_leave_the_range_are_refused()
    {
        var service = await _organisation.Service(_sales);
        await Used(service, "9000000000000");
        await Used(service, "9000000000000");
        await Rules(
            "direct", Rule(_one, new { kind = "usage", service }), Rule(_two, ByTime(_sales, null)));
        (await Run()).Refuses(422, "quantity-out-of-range").RefusesField($"/pools/{_one}", "quantity-out-of-range");

        await Cost(_two, "9000000000000");
        await Cost(_two, "9000000000000");
        await Rules("direct", Rule(_one, ByTime(_sales, null)), Rule(_two, ByTime(_sales, null)));
        (await Run()).Refuses(422, "amount-out-of-range").RefusesField($"/pools/{_two}", "amount-out-of-range");
    }

    [Fact]
    public async Task What_a_pool_uses_of_itself_drives_nothing_and_is_a_warning()
    {
        object[] consumers = [new { pool = _one, quantity = "5" }, new { department = _sales, quantity = "1" }];
        await Rules(
            "reciprocal", Rule(_one, new { kind = "time", consumers }), Rule(_two, ByTime(_sales, null)));

        var run = (await Run()).Is(201);
        Assert.Equal("160.00", (string)run["departmentTotal"]["amount"]!);
        var warning = Assert.Single(run["warnings"].AsArray())!;
        Assert.Equal(("self-consumption-ignored", _one), ((string)warning["code"]!, (string)warning["pool"]!));
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private async Task Cost(string pool, string amount) => (await _mesh.Provider.Post(
        $"cost-pools/{pool}/entries/batch", new[] { EntryItem.Of(Month, amount) })).Is(200);

    private async Task Used(string service, string quantity) => (await _mesh.Provider.Post(
        "usage/batch",
        new[] { new UsageItem("meter", Organisation.Code("U"), _sales, service, "2026-09-05T09:30:00Z", quantity) }))
        .Is(200);

    private async Task Rules(string method, params object[] rules) =>
        (await _mesh.Provider.Post("rule-sets", new { method, rules })).Is(201);

    private static object Rule(string pool, object driver, string whenZero = "refuse") =>
        new { pool, driver, whenZero };

    private static object ByTime(string? department, string? pool, string quantity = "1") =>
        new { kind = "time", consumers = new[] { new { department, pool, quantity } } };

    private Task<ApiAnswer> Run() => _mesh.Provider.Post("runs", new { month = Month }, ApiClient.NewKey());
}
