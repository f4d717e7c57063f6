using System.Globalization;
using System.Text.Json;
using ServiceMesh.Testing;

namespace InternalServices.Api.Tests;

/// <summary>The cases of <c>allocation.json</c> whose currency has two decimals, each in a month of its own.</summary>
public sealed class AllocationCasesOverHttp(InternalServicesFixture mesh) : IClassFixture<InternalServicesFixture>
{
    private static readonly Cases All = new("allocation");
    private static int _months;

    public static TheoryData<string> Names => All.Where(input =>
        input.Text("method") != "rateCard" && input.Text("currency") == "EUR" && !input.Items("pools").Any(IsPriced));

    private readonly int _number = Interlocked.Increment(ref _months);

    [Fact]
    public void Few_cases_are_left_out() => Assert.InRange(Names.Count, 50, All.Names.Count);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Gives_the_published_figures(string name)
    {
        var (input, expected) = (All[name].GetProperty("input"), All[name].GetProperty("expected"));
        await Register(input);
        var ruleSet = await mesh.Provider.Post("rule-sets", RuleSetOf(input));
        if (expected.TryGetProperty("refused", out var code)
            && code.GetString() is "shares-not-100" or "negative-quantity")
        {
            Assert.Contains("/rules/0/driver/consumers", Fields(ruleSet.Refuses(422, "invalid-fields")));
            return;
        }

        var run = await mesh.Provider.Post(
            "runs", new { month = MonthName, ruleSet = (int)ruleSet.Is(201)["version"] }, ApiClient.NewKey());
        if (code.ValueKind == JsonValueKind.String)
        {
            Assert.Equal(
                expected.Items("pools").Select(pool => $"/pools/{Prefixed(pool.GetString()!)}"),
                run.Refuses(422, code.GetString()!)["errors"].AsArray().Select(field => (string)field!["pointer"]!));
            return;
        }

        Assert.Equal(expected.Number("sum"), Number((string)run.Is(201)["poolTotal"]["amount"]!));
        var lines = (await mesh.Provider.Get($"runs/{run.Text("id")}/lines?limit=500")).Is(200).Items.ToLookup(
            line => (string)line["department"]!, line => Number((string)line["amount"]!["amount"]!));
        Assert.All(
            expected.GetProperty("totals").EnumerateObject(),
            total => Assert.Equal(total.Value.AsNumber(), lines[Prefixed(total.Name)].Sum()));
        Assert.Equal(expected.Number("sum"), lines.Sum(line => line.Sum()));
    }

    private string MonthName => string.Create(
        CultureInfo.InvariantCulture, $"{2001 + _number / 12:D4}-{1 + _number % 12:D2}");

    private async Task Register(JsonElement input)
    {
        foreach (var department in input.Items("finals").Select(code => code.GetString()!).Where(IsOurs))
        {
            (await mesh.Provider.Post(
                "departments", new { code = Prefixed(department), name = $"Department {department}" })).Is(201);
        }

        foreach (var pool in input.Items("pools"))
        {
            var code = Prefixed(pool.Text("code"));
            (await mesh.Provider.Post("cost-pools", new { code, name = $"Pool {code}", kind = "support" })).Is(201);
            (await mesh.Provider.Post(
                $"cost-pools/{code}/entries/batch",
                new[] { EntryItem.Of(MonthName, pool.Text("amount")) })).Is(200);
        }
    }

    private object RuleSetOf(JsonElement input)
    {
        var pools = input.Items("pools").Select(pool => pool.Text("code")).ToHashSet();
        var order = input.Items("order").Select(code => code.GetString()!).ToList();
        return new
        {
            method = input.Text("method"),
            rules = input.Items("pools").Select(pool => new
            {
                pool = Prefixed(pool.Text("code")),
                order = Math.Max(0, order.IndexOf(pool.Text("code"))),
                whenZero = TextOf(pool, "zeroDriver") ?? "refuse",
                driver = new { kind = TextOf(pool, "driverKind") ?? "statistic", consumers = ConsumersOf(pool, pools) },
                capacity = TextOf(pool, "capacityOwner") is { } owner
                    ? new { practical = pool.Text("capacity"), owner = Prefixed(owner) }
                    : null,
            }),
        };
    }

    private IEnumerable<object> ConsumersOf(JsonElement pool, HashSet<string> pools) =>
        pool.GetProperty("drivers").EnumerateObject().Select(driver => new
        {
            department = pools.Contains(driver.Name) ? null : Prefixed(driver.Name),
            pool = pools.Contains(driver.Name) ? Prefixed(driver.Name) : null,
            quantity = TextOf(pool, "driverKind") == "even" ? null : driver.Value.GetString(),
        });

    /// <summary>The same prefix for all codes of a case, so that their order stays.</summary>
    private string Prefixed(string code) =>
        IsOurs(code) ? string.Create(CultureInfo.InvariantCulture, $"M{_number}-{code}") : code;

    private static bool IsOurs(string code) => code != "UNALLOCATED";

    private static bool IsPriced(JsonElement pool) => pool.TryGetProperty("rateCard", out _);

    private static string? TextOf(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) ? value.GetString() : null;

    private static IEnumerable<string> Fields(ApiAnswer refused) =>
        refused["errors"].AsArray().Select(field => string.Join('/', ((string)field!["pointer"]!).Split('/').Take(5)));

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
