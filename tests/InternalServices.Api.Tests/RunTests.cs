using System.Globalization;

namespace InternalServices.Api.Tests;

public sealed class RunTests : IAsyncLifetime
{
    private readonly InternalServicesFixture _mesh = new();
    private Month _month = null!;

    public async ValueTask InitializeAsync()
    {
        await _mesh.InitializeAsync();
        _month = await Month.SetUp(_mesh);
    }

    [Fact]
    public async Task A_run_distributes_every_cent_and_certifies_it()
    {
        var run = (await _month.Calculate()).Is(201);

        Assert.Equal(("135.00", "115.00", "20.00", "0.00"), Totals(run));
        Assert.Equal("calculated", run.Text("state"));
        Assert.False((bool)run["externalUsageFinal"]);
        var certificate = (await _mesh.Provider.Get($"runs/{run.Text("id")}/certificate")).Is(200);
        Assert.Equal("0.00", (string)certificate["difference"]["amount"]!);
        Assert.Equal((3, 2, 5), ((int)certificate["entryRows"], (int)certificate["pools"], (int)certificate["lines"]));
        var lines = (await _mesh.Provider.Get($"runs/{run.Text("id")}/lines")).Is(200).Items
            .Select(line => (
                (string)line["pool"]!,
                (string)line["department"]!,
                (string)line["amount"]!["amount"]!,
                (string)line["share"]!));
        Assert.Equal(
            [
                (_month.Pool, _month.Research, "66.67", "0.666666666666667"),
                (_month.Pool, _month.Sales, "33.33", "0.333333333333333"),
                (_month.Pool, "EXTERNAL-BUSINESS", "5.00", "1"),
                (_month.Support, "EXTERNAL-BUSINESS", "15.00", "0.5"),
                (_month.Support, _month.Sales, "15.00", "0.5"),
            ],
            lines);
    }

    [Fact]
    public async Task The_same_inputs_give_the_same_run_and_others_another()
    {
        var first = (await _month.Calculate()).Is(201);
        var same = (await _month.Calculate()).Is(200);
        await _month.Cost(_month.Support, EntryItem.Of(Month.Name, "0.01"));
        var other = (await _month.Calculate()).Is(201);

        Assert.Equal(first.Text("id"), same.Text("id"));
        Assert.NotEqual(first.Text("id"), other.Text("id"));
        Assert.NotEqual(first.Text("inputHash"), other.Text("inputHash"));
        Assert.Equal(2, (await _mesh.Provider.Get($"runs?month={Month.Name}")).Is(200).Items.Count());
        Assert.Empty((await _mesh.Provider.Get("runs?month=2026-09")).Is(200).Items);
    }

    [Fact]
    public async Task A_run_needs_a_key_and_is_carried_out_once_for_it()
    {
        (await _mesh.Provider.Post("runs", new { month = Month.Name })).Refuses(400, "idempotency-key-required");
        var key = ApiClient.NewKey();
        var first = (await _mesh.Provider.Post("runs", new { month = Month.Name }, key)).Is(201);
        await _month.Cost(_month.Support, EntryItem.Of(Month.Name, "0.01"));

        var again = (await _mesh.Provider.Post("runs", new { month = Month.Name }, key)).Is(201);
        Assert.True(again.Replayed);
        Assert.Equal(first.Text("id"), again.Text("id"));
    }

    [Fact]
    public async Task A_month_that_cannot_be_distributed_is_refused_with_the_pools()
    {
        var organisation = new Organisation(_mesh.Provider);
        var lonely = await organisation.Pool();
        await _month.Cost(lonely, EntryItem.Of(Month.Name, "1.00"));
        (await _month.Calculate()).Refuses(422, "rule-missing").RefusesField($"/pools/{lonely}", "rule-missing");

        (await _month.Calculate(ruleSet: 99)).Refuses(422, "rule-set-not-found");
        (await _mesh.Provider.Post("runs", new { month = "2026-13" }, ApiClient.NewKey())).Refuses(400, "unreadable");
    }

    [Theory]
    [InlineData("refuse", 422)]
    [InlineData("even", 422)]
    [InlineData("unallocated", 201)]
    public async Task A_driver_of_zero_does_what_its_rule_says(string whenZero, int status)
    {
        var organisation = new Organisation(_mesh.Provider);
        var service = await organisation.Service(_month.Sales);
        var idle = await organisation.Pool(service);
        var month = "2026-09";
        await _month.Cost(idle, EntryItem.Of(month, "8.00"));
        await _mesh.Provider.Post("rule-sets", new
        {
            method = "direct",
            rules = new[] { new { pool = idle, driver = new { kind = "usage", service }, whenZero } },
        });

        var run = (await _mesh.Provider.Post("runs", new { month }, ApiClient.NewKey())).Is(status);
        if (status == 201) Assert.Equal("8.00", (string)run["unallocated"]["amount"]!);
        else run.Refuses(422, "driver-zero").RefusesField($"/pools/{idle}", "driver-zero");
    }

    [Fact]
    public async Task Pools_that_use_each_other_are_solved_by_each_method()
    {
        var organisation = new Organisation(_mesh.Provider);
        var (one, two) = (await organisation.Pool(), await organisation.Pool());
        await _month.Cost(one, EntryItem.Of("2026-09", "100.00"));
        await _month.Cost(two, EntryItem.Of("2026-09", "60.00"));

        Assert.Equal(("81.67", "78.33"), await Shares("direct", one, two));
        Assert.Equal(("65.00", "95.00"), await Shares("stepDown", one, two));
        Assert.Equal(("70.43", "89.57"), await Shares("reciprocal", one, two));
    }

    [Fact]
    public async Task Capacity_that_nobody_used_is_a_line_of_its_owner()
    {
        var organisation = new Organisation(_mesh.Provider);
        var pool = await organisation.Pool();
        await _month.Cost(pool, EntryItem.Of("2026-09", "100.00"));
        var consumers = new[] { new { department = _month.Sales, quantity = "30" } };
        await _mesh.Provider.Post("rule-sets", new
        {
            method = "direct",
            rules = new[]
            {
                new
                {
                    pool,
                    driver = new { kind = "time", consumers },
                    capacity = new { practical = "40", owner = _month.Research },
                },
            },
        });

        var run = (await _mesh.Provider.Post("runs", new { month = "2026-09" }, ApiClient.NewKey())).Is(201);
        var lines = (await _mesh.Provider.Get($"runs/{run.Text("id")}/lines")).Is(200).Items
            .Select(line => ((string)line["department"]!, (string)line["kind"]!, (string)line["amount"]!["amount"]!));
        Assert.Equal(
            [(_month.Sales, "shared", "75.00"), (_month.Research, "unusedCapacity", "25.00")], lines.Order().Reverse());
    }

    [Fact]
    public async Task A_calculated_run_can_be_discarded_and_then_not_posted()
    {
        var run = (await _month.Calculate()).Is(201).Text("id");

        Assert.Equal("discarded", (await _mesh.Provider.Post($"runs/{run}/discard")).Is(200).Text("state"));
        (await _mesh.Provider.Post($"runs/{run}/discard")).Refuses(409, "run-not-calculated");
        (await _mesh.Provider.Post($"runs/{run}/post", key: ApiClient.NewKey())).Refuses(409, "run-not-calculated");
        Assert.NotEqual(run, (await _month.Calculate()).Is(201).Text("id"));
    }

    [Fact]
    public async Task A_stale_run_is_not_posted_nor_one_of_an_open_month()
    {
        var run = (await _month.Calculate()).Is(201).Text("id");
        (await _mesh.Provider.Post($"runs/{run}/post")).Refuses(400, "idempotency-key-required");
        var open = (await _mesh.Provider.Post($"runs/{run}/post", key: ApiClient.NewKey()))
            .Refuses(409, "period-not-closing");
        Assert.Equal("open", open.Text("state"));

        await _month.Cost(_month.Pool, EntryItem.Of(Month.Name, "0.01"));
        (await _mesh.Provider.Post($"runs/{run}/post", key: ApiClient.NewKey())).Refuses(409, "inputs-changed");
        Assert.Equal(0L, await _mesh.Scalar<long>("select count(*) from chargeback.statements"));
    }

    [Fact]
    public async Task Runs_are_the_providers()
    {
        var run = (await _month.Calculate()).Is(201).Text("id");

        (await _mesh.Department(_month.Sales).Get($"runs/{run}")).Is(403);
        (await _mesh.Provider.Get("runs/01890000-0000-7000-8000-000000000000")).Refuses(404, "run-not-found");
        (await _mesh.Provider.Get("runs/01890000-0000-7000-8000-000000000000/lines")).Refuses(404, "run-not-found");
        (await _mesh.Provider.Get("runs/none")).Is(404);
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    /// <summary>
    /// One serves the other, sales and research with 20, 20 and 10; the other one with 10, 10 and 30.
    /// </summary>
    private async Task<(string Sales, string Research)> Shares(string method, string one, string two)
    {
        object Consumer(string? department, string? pool, string quantity) => new { department, pool, quantity };
        await _mesh.Provider.Post("rule-sets", new
        {
            method,
            rules = new[]
            {
                new
                {
                    pool = one,
                    order = 1,
                    driver = new
                    {
                        kind = "statistic",
                        consumers = new[]
                        {
                            Consumer(null, two, "20"),
                            Consumer(_month.Sales, null, "20"),
                            Consumer(_month.Research, null, "10"),
                        },
                    },
                },
                new
                {
                    pool = two,
                    order = 2,
                    driver = new
                    {
                        kind = "statistic",
                        consumers = new[]
                        {
                            Consumer(null, one, "10"),
                            Consumer(_month.Sales, null, "10"),
                            Consumer(_month.Research, null, "30"),
                        },
                    },
                },
            },
        });
        var run = (await _mesh.Provider.Post("runs", new { month = "2026-09" }, ApiClient.NewKey())).Is(201);
        var lines = (await _mesh.Provider.Get($"runs/{run.Text("id")}/lines")).Is(200).Items.ToLookup(
            line => (string)line["department"]!,
            line => decimal.Parse((string)line["amount"]!["amount"]!, CultureInfo.InvariantCulture));
        return ($"{lines[_month.Sales].Sum()}", $"{lines[_month.Research].Sum()}");
    }

    private static (string Pools, string Departments, string External, string Unallocated) Totals(ApiAnswer run) => (
        (string)run["poolTotal"]["amount"]!,
        (string)run["departmentTotal"]["amount"]!,
        (string)run["externalShare"]["amount"]!,
        (string)run["unallocated"]["amount"]!);
}
