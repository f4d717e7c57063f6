using System.Text.Json.Nodes;

namespace InternalServices.Api.Tests;

public sealed class ExplanationTests : IAsyncLifetime
{
    private readonly InternalServicesFixture _mesh = new();
    private Month _month = null!;

    public async ValueTask InitializeAsync()
    {
        await _mesh.InitializeAsync();
        _month = await Month.SetUp(_mesh);
    }

    [Fact]
    public async Task A_line_is_explained_down_to_who_got_the_cent()
    {
        await _month.CloseCompletely(0, 20);
        var research = await Explain(_month.Research, _month.Pool);

        Assert.Equal("66.67", (string)research["amount"]["amount"]!);
        Assert.Equal(("66.666666666666667", "66.66", 1), Rounding(research));
        Assert.Equal([_month.Research], research["rounding"]["receivedBy"]!.AsArray().Select(code => (string)code!));
        Assert.Equal(("2", "3", "0.666666666666667"), Driver(research));
        Assert.Equal(
            [("shared", "100", 1), ("customer", "5", 1)],
            research["pool"]["costs"]!.AsArray().Select(cost => (
                (string)cost!["bearer"]!, (string)cost["amount"]!["amount"]!, (int)cost["rows"]!)).OrderDescending());
        var flow = Assert.Single(research["flows"].AsArray())!;
        Assert.Equal((_month.Research, "2"), ((string)flow["consumer"]!, (string)flow["quantity"]!));
        Assert.Contains(
            research["sentences"].AsArray(),
            sentence => ((string)sentence!).Contains("0.01 was added", StringComparison.Ordinal));

        Assert.Equal(("33.333333333333333", "33.33", 0), Rounding(await Explain(_month.Sales, _month.Pool)));
        Assert.Equal(("50", "100", "0.5"), Driver(await Explain(_month.Sales, _month.Support)));
    }

    [Fact]
    public async Task A_department_explains_its_own_lines_only()
    {
        await _month.CloseCompletely(1, 45);
        var line = await Line(_month.Sales, _month.Pool);

        (await _mesh.Department(_month.Sales).Get($"statement-lines/{line}/explanation")).Is(200);
        (await _mesh.Department(_month.Research).Get($"statement-lines/{line}/explanation"))
            .Refuses(404, "statement-line-not-found");
        (await _mesh.Provider.Get("statement-lines/01890000-0000-7000-8000-000000000000/explanation"))
            .Refuses(404, "statement-line-not-found");
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private async Task<ApiAnswer> Explain(string department, string pool) =>
        (await _mesh.Provider.Get($"statement-lines/{await Line(department, pool)}/explanation")).Is(200);

    private async Task<string> Line(string department, string pool)
    {
        var statement = (await _mesh.Provider.Get($"statements?month={Month.Name}")).Is(200).Items
            .Single(statement => (string)statement["department"]! == department);
        var lines = (await _mesh.Provider.Get($"statements/{(string)statement["id"]!}")).Is(200)["lines"].AsArray();
        return (string)lines.Single(line => (string)line!["pool"]! == pool)!["id"]!;
    }

    private static (string, string, int) Rounding(ApiAnswer explanation) => (
        (string)explanation["rounding"]["exact"]!,
        (string)explanation["rounding"]["cutOff"]!["amount"]!,
        (int)explanation["rounding"]["units"]!);

    private static (string, string, string) Driver(ApiAnswer explanation)
    {
        JsonNode driver = explanation["driver"];
        return ((string)driver["quantity"]!, (string)driver["totalQuantity"]!, (string)driver["share"]!);
    }
}
