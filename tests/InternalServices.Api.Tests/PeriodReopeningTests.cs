using System.Text.Json.Nodes;
using ServiceMesh.Contracts;
using Testing;

namespace InternalServices.Api.Tests;

public sealed class PeriodReopeningTests : IAsyncLifetime
{
    private const string Why = "A supplier's invoice came late";

    private readonly InternalServicesFixture _mesh = new();
    private Month _month = null!;
    private PublishedEvents _published = null!;
    private ApiClient _controller = null!;

    public async ValueTask InitializeAsync()
    {
        await _mesh.InitializeAsync();
        _month = await Month.SetUp(_mesh);
        _published = await PublishedEvents.Of(
            _mesh.Vhost,
            "internal.cost-period-reopened",
            "internal.cost-period-closing",
            "internal.cost-period-closed");
        _controller = _mesh.Client(_mesh.Issuer.Provider("controller"));
    }

    [Fact]
    public async Task A_month_opened_again_takes_costs_and_is_closed_again_by_another_run()
    {
        var first = await _month.CloseCompletely(1, 45);
        var reopened = (await Reopen(Month.Name)).Is(200);
        Assert.Equal(
            ("reopened", "tester", Why),
            (reopened.Text("state"), reopened.Text("reopenedBy"), reopened.Text("reopeningReason")));
        Assert.Equal(first, reopened.Text("runId"));
        Assert.Equal(Why, (string)(await Events(3))[2]["reason"]!);
        Assert.Equal("\"" + reopened["version"] + "\"", (await _month.Period()).ETag);

        await _month.Cost(_month.Pool, EntryItem.Of(Month.Name, "10.00"));
        Assert.Equal(3, (await Entries(Month.Name)).Count());
        Assert.Equal("posted", await RunState(first));

        var closing = (await _month.Close()).Is(202);
        Assert.Equal("usage-finalized", (string)closing["waitingFor"]["what"]!);
        await _month.FinalizeUsage(1, version: 2);
        var second = await Eventually.Gives(_month.Period, period => period.Text("runId") != first);
        Assert.Equal("profitability-calculated", (string)second["waitingFor"]["what"]!);
        Assert.Equal("reversed", await RunState(first));
        await _month.Reckon(second.Text("runId"), 47.50m);
        await _month.Until("closed");

        Assert.Equal("145.00", Issued(second.Text("runId"), await Statements()));
        Assert.Equal(
            [("issued", 3), ("reversed", 3)],
            (await Statements())
                .CountBy(statement => (string)statement["state"]!)
                .Select(count => (count.Key, count.Value))
                .Order());
        Assert.True((bool)(await _mesh.Provider.Get($"reconciliation/{Month.Name}")).Is(200)["reconciled"]);
        Assert.Equal(5, (await Events(5)).Count);
    }

    [Fact]
    public async Task A_month_closed_again_unchanged_keeps_its_run()
    {
        var run = await _month.CloseCompletely(1, 45);
        (await Reopen(Month.Name)).Is(200);
        (await _month.Close()).Is(202);
        await _month.FinalizeUsage(1, version: 2);

        var waiting = await Eventually.Gives(
            _month.Period, period => (string?)period.Body["waitingFor"]?["what"] == "profitability-calculated");
        Assert.Equal(run, waiting.Text("runId"));
        await _month.Reckon(run, 45);
        await _month.Until("closed");
        Assert.Equal(1L, await _mesh.Scalar<long>("select count(*) from chargeback.journal_transactions"));
    }

    [Fact]
    public async Task Late_costs_of_a_closed_month_land_in_the_next_open_one()
    {
        await _month.CloseCompletely(1, 45);
        await _month.Cost(_month.Pool, EntryItem.Of(Month.Name, "3.00"));
        await _month.Used(_month.Research, "4");

        var late = Assert.Single(await Entries("2026-11"));
        Assert.Equal((Month.Name, "2026-11"), ((string)late["originMonth"]!, (string)late["month"]!));
        Assert.Equal("4", (string)Assert.Single((await _mesh.Provider.Get("usage?month=2026-11")).Items)["quantity"]!);

        (await Reopen(Month.Name)).Is(200);
        await _month.Cost(_month.Pool, EntryItem.Of(Month.Name, "5.00"));
        Assert.Single(await Entries("2026-11"));
        Assert.Equal(3, (await Entries(Month.Name)).Count());
    }

    [Fact]
    public async Task Only_the_latest_closed_month_is_opened_again()
    {
        (await Reopen(Month.Name)).Refuses(409, "period-not-closed");
        await Close("2026-09");
        await _month.CloseCompletely(1, 45);

        var refused = (await Reopen("2026-09")).Refuses(409, "later-period-closed");
        Assert.Equal("closed", refused.Text("state"));
        (await Reopen(Month.Name)).Is(200);
        (await Reopen(Month.Name)).Refuses(409, "period-not-closed");
        (await Reopen("2026-09")).Is(200);
        await _month.Cost(_month.Pool, EntryItem.Of("2026-09", "1.00"));
        (await _month.Close()).Refuses(409, "earlier-period-not-closed");
    }

    [Fact]
    public async Task Only_a_controller_opens_it_for_a_reason()
    {
        await _month.CloseCompletely(1, 45);
        var path = $"{_month.Path}/reopen";

        (await _mesh.Provider.Post(path, new { reason = Why })).Is(403);
        (await _mesh.Client(_mesh.Issuer.Department(_month.Sales, "controller")).Post(path, new { reason = Why }))
            .Is(403);
        (await _controller.Post(path, new { })).Is(400);
        (await _controller.Post(path, new { reason = "" }))
            .Refuses(422, "invalid-fields").RefusesField("/reason", "invalid-text");
        (await _controller.Post("periods/2026-13/reopen", new { reason = Why })).Is(400);
        Assert.Equal("closed", (await _month.Period()).Text("state"));
    }

    public async ValueTask DisposeAsync()
    {
        await _published.DisposeAsync();
        await _mesh.DisposeAsync();
    }

    private Task<ApiAnswer> Reopen(string month) => _controller.Post($"periods/{month}/reopen", new { reason = Why });

    /// <summary>A month without costs.</summary>
    private async Task Close(string month)
    {
        (await _mesh.Provider.Post($"periods/{month}/close")).Is(202);
        await _mesh.Publish(new UsageFinalized
        {
            EventId = Guid.CreateVersion7(Clock.System.GetUtcNow()),
            OccurredAt = Clock.System.GetUtcNow(),
            AggregateId = month,
            AggregateVersion = 1,
            Period = month,
            Month = month,
            Services = [],
            Rows = 0,
            Checksum = UsageFinalized.ChecksumOf([]),
        });
        var posted = await Eventually.Gives(Period, period => period.Body["runId"] is not null);
        await _mesh.Publish(new ProfitabilityCalculated
        {
            EventId = Guid.CreateVersion7(Clock.System.GetUtcNow()),
            OccurredAt = Clock.System.GetUtcNow(),
            AggregateId = month,
            AggregateVersion = 1,
            Period = month,
            RunId = Guid.Parse(posted.Text("runId")),
            Month = month,
            Currency = "USD",
            Revenue = 0,
            Cost = 0,
        });
        await Eventually.Gives(Period, period => period.Text("state") == "closed");

        async Task<ApiAnswer> Period() => (await _mesh.Provider.Get($"periods/{month}")).Is(200);
    }

    private Task<IReadOnlyList<JsonNode>> Events(int count) =>
        Eventually.Gives(() => Task.FromResult(_published.About(Month.Name)), events => events.Count == count);

    private async Task<IEnumerable<JsonNode>> Entries(string month) =>
        (await _mesh.Provider.Get($"cost-pools/{_month.Pool}/entries?month={month}")).Is(200).Items;

    private async Task<IReadOnlyList<JsonNode>> Statements() =>
        [.. (await _mesh.Provider.Get($"statements?month={Month.Name}")).Is(200).Items];

    private async Task<string> RunState(string run) => (await _mesh.Provider.Get($"runs/{run}")).Is(200).Text("state");

    private static string Issued(string run, IEnumerable<JsonNode> statements) => statements
        .Where(statement => (string)statement["runId"]! == run)
        .Sum(statement => decimal.Parse(
            (string)statement["total"]!["amount"]!, System.Globalization.CultureInfo.InvariantCulture))
        .ToString(System.Globalization.CultureInfo.InvariantCulture);
}
