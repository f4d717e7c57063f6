using System.Globalization;
using System.Text.Json.Nodes;
using ServiceMesh.Contracts;
using ServiceMesh.Testing;
using Testing;

namespace InternalServices.Api.Tests;

/// <summary>
/// A month of real cloud bills from the file to the trial balance, posted by one method after the other: every sum is
/// the file's.
/// </summary>
public sealed class FocusSampleOverHttp : IAsyncLifetime
{
    private const string MonthName = "2024-09";
    private const string Total = "20.52";

    private readonly InternalServicesFixture _mesh = new();
    private string _ops = null!;
    private string _data = null!;
    private Dictionary<string, string> _pools = null!;

    public async ValueTask InitializeAsync()
    {
        await _mesh.InitializeAsync();
        var organisation = new Organisation(_mesh.Provider);
        (_ops, _data) = (await organisation.Department("OPS"), await organisation.Department("DATA"));
        _pools = new()
        {
            ["Compute"] = await organisation.Pool(),
            ["Storage"] = await organisation.Pool(),
            ["Networking"] = await organisation.Pool(),
            ["Other"] = await organisation.Pool(),
        };
    }

    [Fact]
    public async Task Every_sum_of_each_method_is_the_files()
    {
        await Import();
        List<string> departments = [];
        string? run = null;
        foreach (var method in new[] { "direct", "stepDown", "reciprocal" })
        {
            if (run is not null) await Reverse(run);
            await Rules(method);
            run = await Close(except: run);
            departments.Add(await SumsOf(run, method));
        }

        Assert.Equal(3, departments.Distinct().Count());
        await Reckon(run!);
        await Eventually.Gives(Period, period => period.Text("state") == "closed");
        Assert.True((bool)(await _mesh.Provider.Get($"reconciliation/{MonthName}")).Is(200)["reconciled"]);
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private async Task Import()
    {
        var file = Cases.SharedData("focus-sample.csv");
        Assert.SkipWhen(file is null, "The data set focus-sample.csv is not beside the project.");
        await MappingRules();
        var import = (await _mesh.Provider.PostCsv("cost-imports", await File.ReadAllBytesAsync(file!))).Is(201);
        Assert.Equal("20.52022672899", (string)import["total"]["amount"]!);
        Assert.Equal((1000, 0), ((int)import["rowsImported"], (int)import["rowsRejected"]));
    }

    private async Task MappingRules()
    {
        object Unit(string unit, string kind, string code) => new
        {
            code = unit,
            when = new { tags = new[] { new { key = "business_unit", value = unit } } },
            assignee = new { kind, code },
        };
        object Category(string category) => new
        {
            code = category,
            when = new { serviceCategory = category },
            pool = _pools[category],
        };
        object[] rules =
        [
            Unit("PeoriaData", "department", _data),
            Unit("ViennaAI", "customer", "VIENNA"),
            new { code = "shared", assignee = new { kind = "shared" } },
            Category("Compute"),
            Category("Storage"),
            Category("Networking"),
            new { code = "rest", pool = _pools["Other"] },
        ];
        var etag = (await _mesh.Provider.Get("mapping-rules")).ETag;
        (await _mesh.Provider.Put("mapping-rules", new { rules }, etag)).Is(200);
    }

    /// <summary>The network serves the others, the storage the computers, and these a little of the network.</summary>
    private async Task Rules(string method)
    {
        object To(string department, string quantity) => new { department, quantity };
        object Via(string pool, string quantity) => new { pool = _pools[pool], quantity };
        object Rule(string pool, int order, params object[] consumers) =>
            new { pool = _pools[pool], order, driver = new { kind = "statistic", consumers } };
        (await _mesh.Provider.Post("rule-sets", new
        {
            method,
            rules = new[]
            {
                Rule("Networking", 1, Via("Compute", "3"), Via("Storage", "2"), To(_ops, "5")),
                Rule("Storage", 2, Via("Compute", "1"), Via("Networking", "1"), To(_ops, "2"), To(_data, "1")),
                Rule("Compute", 3, Via("Networking", "1"), To(_ops, "2"), To(_data, "3"), To("EXTERNAL-BUSINESS", "1")),
                Rule("Other", 4, To(_ops, "1"), To(_data, "2")),
            },
        })).Is(201);
    }

    private async Task<string> Close(string? except)
    {
        (await _mesh.Provider.Post($"periods/{MonthName}/close")).Is(202);
        if (except is null) await FinalizeUsage();
        return (await Eventually.Gives(Period, period => period.Body["runId"] is not null)).Text("runId");
    }

    /// <summary>Asserts that all sums agree; gives what each department bears.</summary>
    private async Task<string> SumsOf(string id, string method)
    {
        var run = (await _mesh.Provider.Get($"runs/{id}")).Is(200);
        Assert.Equal((method, Total), (run.Text("method"), Amount(run["poolTotal"])));
        Assert.Equal(
            Total, Sum([run["departmentTotal"], run["externalShare"], run["unallocated"]]));
        var certificate = (await _mesh.Provider.Get($"runs/{id}/certificate")).Is(200);
        Assert.Equal((1000L, "0.00"), ((long)certificate["entryRows"], Amount(certificate["difference"])));
        var lines = (await _mesh.Provider.Get($"runs/{id}/lines?limit=500")).Is(200).Items;
        Assert.Equal(Total, Sum(lines.Select(line => line["amount"]!)));

        var statements = (await _mesh.Provider.Get($"statements?month={MonthName}&limit=500")).Is(200).Items
            .Where(statement => (string)statement["runId"]! == id)
            .ToList();
        Assert.Equal(Total, Sum(statements.Select(statement => statement["total"]!)));
        var balance = (await _mesh.Provider.Get($"journal/trial-balance?month={MonthName}")).Is(200);
        Assert.Equal("0.00", Amount(balance["difference"]));
        var departments = balance["accounts"].AsArray().Where(account => (string)account!["kind"]! == "department");
        Assert.Equal(Total, Sum(departments.Select(account => account!["balance"]!)));
        return string.Join(' ', statements
            .Select(statement => $"{statement["department"]} {Amount(statement["total"]!)}")
            .Order());
    }

    private async Task Reverse(string run) => (await _mesh.Provider.Post(
        $"runs/{run}/reverse", new { reason = "Another method" }, ApiClient.NewKey())).Is(200);

    private async Task<ApiAnswer> Period() => (await _mesh.Provider.Get($"periods/{MonthName}")).Is(200);

    private Task FinalizeUsage() => _mesh.Publish(new UsageFinalized
    {
        EventId = Guid.CreateVersion7(Clock.System.GetUtcNow()),
        OccurredAt = Clock.System.GetUtcNow(),
        AggregateId = MonthName,
        AggregateVersion = 1,
        Period = MonthName,
        Month = MonthName,
        Services = [],
        Rows = 0,
        Checksum = UsageFinalized.ChecksumOf([]),
    });

    private async Task Reckon(string run) => await _mesh.Publish(new ProfitabilityCalculated
    {
        EventId = Guid.CreateVersion7(Clock.System.GetUtcNow()),
        OccurredAt = Clock.System.GetUtcNow(),
        AggregateId = MonthName,
        AggregateVersion = 1,
        Period = MonthName,
        RunId = Guid.Parse(run),
        Month = MonthName,
        Currency = "USD",
        Revenue = 0,
        Cost = await _mesh.Scalar<decimal>($"select external_share from chargeback.runs where id = '{run}'"),
    });

    private static string Amount(JsonNode money) => (string)money["amount"]!;

    private static string Sum(IEnumerable<JsonNode> amounts) => amounts
        .Sum(money => decimal.Parse(Amount(money), CultureInfo.InvariantCulture))
        .ToString("0.00", CultureInfo.InvariantCulture);
}
