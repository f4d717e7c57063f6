namespace InternalServices.Api.Tests;

public sealed class RunPreviewTests : IAsyncLifetime
{
    private readonly InternalServicesFixture _mesh = new();
    private Month _month = null!;

    public async ValueTask InitializeAsync()
    {
        await _mesh.InitializeAsync();
        _month = await Month.SetUp(_mesh);
    }

    [Fact]
    public async Task Other_rules_are_compared_with_the_latest_and_nothing_is_stored()
    {
        var preview = (await Preview(new { month = Month.Name, rules = new[] { Even(_month.Pool) } })).Is(200);

        Assert.Null(preview.Body["baselineRunId"]);
        Assert.Equal("135.00", (string)preview["poolTotal"]["amount"]!);
        Assert.Equal(
            [
                ("EXTERNAL-BUSINESS", "20.00", "20.00", "0.00"),
                (_month.Research, "50.00", "66.67", "-16.67"),
                (_month.Sales, "65.00", "48.33", "16.67"),
            ],
            Departments(preview));
        Assert.Equal(0L, await _mesh.Scalar<long>("select count(*) from chargeback.runs"));
        Assert.Equal(1L, await _mesh.Scalar<long>("select count(*) from chargeback.rule_sets"));
    }

    [Fact]
    public async Task Another_method_is_compared_with_the_posted_run()
    {
        await FeedThePool();
        var run = await _month.CloseCompletely(1, 41.25m);

        var preview = (await Preview(new { month = Month.Name, method = "stepDown" })).Is(200);
        Assert.Equal(run, preview.Text("baselineRunId"));
        Assert.Equal("stepDown", preview.Text("method"));
        var direct = (await Preview(new { month = Month.Name, method = "direct" })).Is(200);
        Assert.All(Departments(direct), department => Assert.Equal("0.00", department.Delta));
        Assert.Contains(Departments(preview), department => department.Delta != "0.00");
        Assert.Equal(0m, Departments(preview).Sum(department => Number(department.Delta)));
        Assert.Equal(135m, Departments(preview).Sum(department => Number(department.Amount)));
        Assert.Equal("posted", (await _mesh.Provider.Get($"runs/{run}")).Is(200).Text("state"));
    }

    [Fact]
    public async Task What_cannot_be_calculated_is_refused_like_a_run()
    {
        (await Preview(new { month = Month.Name, ruleSet = 99 })).Refuses(422, "rule-set-not-found");
        (await Preview(new { month = Month.Name, rules = new[] { Even("NONE") } }))
            .Refuses(422, "invalid-fields").RefusesField("/rules/0/pool", "pool-not-found");
        (await Preview(new { month = "2026-13" })).Is(400);
        (await Preview(new { month = Month.Name, methode = "direct" })).Is(400);
        var circle = new
        {
            pool = _month.Pool,
            driver = new { kind = "time", consumers = new[] { new { pool = _month.Support, quantity = "1" } } },
        };
        (await Preview(new { month = Month.Name, rules = new[] { circle } }))
            .Refuses(422, "no-final-consumer").RefusesField($"/pools/{_month.Pool}", "no-final-consumer");
        var body = new { month = Month.Name };
        (await _mesh.Department(_month.Sales).Post("runs/preview", body)).Is(403);
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private Task<ApiAnswer> Preview(object body) => _mesh.Provider.Post("runs/preview", body);

    /// <summary>The support pool serves the service's pool, which the direct method does not look at.</summary>
    private async Task FeedThePool()
    {
        object Consumer(string? department, string? pool, string quantity) => new { department, pool, quantity };
        (await _mesh.Provider.Post("rule-sets", new
        {
            method = "direct",
            rules = new object[]
            {
                new { pool = _month.Pool, order = 2, driver = new { kind = "usage", service = _month.Service } },
                new
                {
                    pool = _month.Support,
                    order = 1,
                    driver = new
                    {
                        kind = "headcount",
                        consumers = new[]
                        {
                            Consumer(_month.Sales, null, "5"),
                            Consumer("EXTERNAL-BUSINESS", null, "3"),
                            Consumer(null, _month.Pool, "4"),
                        },
                    },
                },
            },
        })).Is(201);
    }

    private object Even(string pool) => new
    {
        pool,
        driver = new
        {
            kind = "even",
            consumers = new[] { new { department = _month.Sales }, new { department = _month.Research } },
        },
    };

    private static IEnumerable<(string Code, string Amount, string Baseline, string Delta)> Departments(
        ApiAnswer preview) =>
        preview["departments"].AsArray().Select(department => (
            (string)department!["code"]!,
            (string)department["amount"]!["amount"]!,
            (string)department["baseline"]!["amount"]!,
            (string)department["delta"]!["amount"]!));

    private static decimal Number(string amount) =>
        decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture);
}
