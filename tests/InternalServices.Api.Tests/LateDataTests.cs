namespace InternalServices.Api.Tests;

/// <summary>What comes after a month's close lands in the next and says there where it arose.</summary>
public sealed class LateDataTests : IAsyncLifetime
{
    private readonly InternalServicesFixture _mesh = new();
    private Month _month = null!;

    public async ValueTask InitializeAsync()
    {
        await _mesh.InitializeAsync();
        _month = await Month.SetUp(_mesh);
    }

    [Fact]
    public async Task Late_cost_stands_on_the_next_statement_with_its_month()
    {
        var september = _month.In("2026-09");
        await september.Cost(_month.Support, EntryItem.Of(september.At, "80.00"));
        await september.CloseCompletely(0, 40);
        await _month.Cost(_month.Support, EntryItem.Of(september.At, "10.00"));
        await _month.Cost(_month.Support, EntryItem.Of(september.At, "4.00", department: _month.Sales));
        await _month.CloseCompletely(0, 25);

        var lines = (await _month.Statement(_month.Sales))["lines"].AsArray();
        Assert.Equal(
            [
                (_month.Pool, "33.33", "2026-10"),
                (_month.Support, "20.00", "2026-09 2026-10"),
                (_month.Support, "4.00", "2026-09"),
            ],
            lines.Select(line => (
                (string)line!["pool"]!,
                (string)line["amount"]!["amount"]!,
                string.Join(' ', line["originMonths"]!.AsArray().Select(month => (string)month!)))));

        var id = (string)lines[1]!["id"]!;
        var explanation = (await _mesh.Department(_month.Sales).Get($"statement-lines/{id}/explanation")).Is(200);
        Assert.Contains(
            explanation["sentences"].AsArray(),
            sentence => ((string)sentence!).Contains("Part of it arose in 2026-09", StringComparison.Ordinal));
        var path = $"statements/{await _month.StatementId(_month.Sales)}";
        var page = await _mesh.Provider.GetFile(path, "text/html");
        Assert.Contains(
            $"Pool {_month.Support}: the cost contains what arose in September 2026",
            page.Text,
            StringComparison.Ordinal);
        var csv = await _mesh.Provider.GetFile(path, "text/csv");
        Assert.Contains(",2026-09 2026-10,", csv.Text, StringComparison.Ordinal);
        Assert.Equal("40.00", await SeptemberTotal(september));
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private async Task<string> SeptemberTotal(Month september) =>
        (string)(await september.Statement(_month.Sales))["statement"]["total"]!["amount"]!;
}
