using System.Text.Json.Nodes;
using Testing;

namespace InternalServices.Api.Tests;

public sealed class BudgetAlertTests : IAsyncLifetime
{
    private const string Event = "internal.budget-threshold-crossed";

    private readonly InternalServicesFixture _mesh = new();
    private Month _month = null!;

    private string Path => $"departments/{_month.Sales}/budgets";

    public async ValueTask InitializeAsync()
    {
        await _mesh.InitializeAsync();
        _month = await Month.SetUp(_mesh);
    }

    [Fact]
    public async Task Each_threshold_is_told_once_for_a_version_and_all_of_a_budget_is_not_too_much()
    {
        await using var events = await PublishedEvents.Of(_mesh.Vhost, Event);
        await Plan("40.00", "40.00");
        await Charge("2026-08", "80.00");
        Assert.Equal(["1 used 50"], await Alerts());
        Assert.Equal(("within", "0.5", "1", "80.00"), await Standing());

        await Charge("2026-09", "80.00");
        Assert.Equal(["1 used 50", "1 used 75", "1 used 90", "1 used 100"], await Alerts());
        Assert.Equal(("used", "1", "1", "80.00"), await Standing());

        await Plan("40.00", "39.00");
        string[] second =
            ["2 used 50", "2 used 75", "2 used 90", "2 used 100", "2 exceeded 100", "2 pace 100", "2 forecast 100"];
        Assert.Equal(second, (await Alerts()).Skip(4));
        Assert.Equal("exceeded", (await Standing()).Use);

        var told = await Eventually.Gives(
            () => Task.FromResult(events.About($"{_month.Sales}/2026-08")), sent => sent.Count == 11);
        Assert.Equal(Enumerable.Range(1, 11), told.Select(sent => (int)sent["aggregateVersion"]!));
        Assert.Equal(
            ("exceeded", "100", "80.00", "79.00", "2"),
            told.Select(sent => (
                (string)sent["signal"]!, $"{sent["threshold"]}", (string)sent["amount"]!, (string)sent["budget"]!,
                $"{sent["version"]}")).Single(sent => sent.Item1 == "exceeded"));
    }

    [Fact]
    public async Task Posting_a_month_again_tells_nothing_again()
    {
        await Plan("40.00", "40.00");
        var august = await Charge("2026-08", "80.00");
        (await _mesh.Client(_mesh.Issuer.Provider("controller")).Post(
            $"{august.Path}/reopen", new { reason = "A cost was missing" }, ApiClient.NewKey())).Is(200);
        await august.Cost(_month.Support, EntryItem.Of(august.At, "1.00"));
        var earlier = (await august.Period()).Text("runId");
        (await august.Close()).Is(202);
        await august.FinalizeUsage(0, version: 2);
        await Eventually.Gives(august.Period, period => period.Body["runId"] is { } run && (string)run! != earlier);

        Assert.Equal(["1 used 50", "1 pace 100", "1 forecast 100"], await Alerts());
        var alerts = (await _mesh.Provider.Get($"{Path}/2026-08/alerts")).Is(200);
        Assert.Equal(["81.00", "40.50", "40.00"], alerts.Items.Select(alert => (string)alert["amount"]!["amount"]!));
    }

    [Fact]
    public async Task A_variance_compares_month_by_month_and_leaves_out_what_is_not_charged_yet()
    {
        await Plan("50.00", "0.00", "100.00");
        await Charge("2026-08", "80.00");
        await Charge("2026-09", "10.00");

        var variance = (await _mesh.Department(_month.Sales).Get($"{Path}/2026-08/variance")).Is(200);
        Assert.Equal(
            [("2026-08", "40.00", "-10.00", "0.8"), ("2026-09", "5.00", "5.00", null), ("2026-10", null, null, null)],
            variance["months"].AsArray().Select(month => (
                (string)month!["month"]!, Amount(month["charged"]), Amount(month["difference"]),
                (string?)month["share"])));
        Assert.Equal(
            ("45.00", "50.00", "-5.00", "0.9"),
            (Amount(variance["charged"]), Amount(variance["budgetToDate"]), Amount(variance["difference"]),
                (string?)variance["pace"]));
        Assert.Equal(
            ("150.00", "0.3", "67.50", "-82.50"),
            (Amount(variance["budget"]), (string?)variance["usedShare"], Amount(variance["forecast"]),
                Amount(variance["forecastDifference"])));

        var research = _mesh.Department(_month.Research);
        (await research.Get($"{Path}/2026-08/variance")).Refuses(404, "budget-not-found");
        (await _mesh.Provider.Get($"{Path}/2026-08/variance?version=2")).Refuses(404, "budget-not-found");
        Assert.Empty(await research.List($"{Path}/2026-08/alerts?"));
    }

    [Fact]
    public async Task Limits_come_from_eight_closed_months()
    {
        var path = $"departments/{_month.Sales}/control-limits";
        Assert.Empty((await _mesh.Provider.Get(path)).Is(200)["months"].AsArray());
        foreach (var month in Enumerable.Range(2, 7)) await Charge($"2026-0{month}", "200.00");
        var few = (await _mesh.Provider.Get(path)).Is(200);
        Assert.Equal(("insufficientData", 7), (few.Text("status"), few["months"].AsArray().Count));
        Assert.Null(few.Body["upper"]);

        // Mean 212.50 and mean moving range 900 ÷ 7.
        await Charge("2026-09", "2000.00");
        var limits = (await _mesh.Department(_month.Sales).Get(path)).Is(200);
        Assert.Equal(
            ("ok", "212.50", "128.57", "-129.50", "554.50"),
            (limits.Text("status"), Amount(limits["mean"]), Amount(limits["meanMovingRange"]), Amount(limits["lower"]),
                Amount(limits["upper"])));
        Assert.Equal(
            [.. Enumerable.Repeat("within", 7), "above"],
            limits["months"].AsArray().Select(month => (string)month!["position"]!));

        (await _mesh.Provider.Get($"{path}?months=7")).Refuses(400, "unreadable");
        (await _mesh.Provider.Get($"{path}?months=x")).Refuses(400, "unreadable");
        (await _mesh.Department(_month.Research).Get(path)).Refuses(404, "department-not-found");
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private async Task Plan(params string[] amounts) => (await _mesh.Provider.Post(
        Path,
        new
        {
            from = "2026-08",
            amounts = amounts.Select(amount => new { amount, currency = "USD" }),
            reason = "Plan of the year",
        },
        ApiClient.NewKey())).Is(201);

    /// <summary>Sales bears half of the cost.</summary>
    private async Task<Month> Charge(string at, string cost)
    {
        var month = _month.In(at);
        await month.Cost(_month.Support, EntryItem.Of(at, cost));
        var half = decimal.Parse(cost, System.Globalization.CultureInfo.InvariantCulture) / 2;
        await month.CloseCompletely(0, half);
        return month;
    }

    private async Task<IEnumerable<string>> Alerts() =>
        (await _mesh.Provider.List($"{Path}/2026-08/alerts?"))
            .Reverse()
            .Select(alert => $"{alert["version"]} {alert["signal"]} {alert["threshold"]}");

    private async Task<(string Use, string? UsedShare, string? Pace, string? Forecast)> Standing()
    {
        var variance = (await _mesh.Provider.Get($"{Path}/2026-08/variance")).Is(200);
        return (
            variance.Text("use"), (string?)variance["usedShare"], (string?)variance["pace"],
            Amount(variance["forecast"]));
    }

    private static string? Amount(JsonNode? money) => (string?)money?["amount"];
}
