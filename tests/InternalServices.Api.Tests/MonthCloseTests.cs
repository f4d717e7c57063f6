using System.Text.Json.Nodes;
using Testing;

namespace InternalServices.Api.Tests;

/// <summary>The other side is played by the events that it would send.</summary>
public sealed class MonthCloseTests : IAsyncLifetime
{
    private static readonly string[] Told =
    [
        "internal.cost-period-closing", "internal.unit-costs-published", "internal.cost-period-closed",
        "internal.statement-issued",
    ];

    private readonly InternalServicesFixture _mesh = new();
    private Month _month = null!;
    private PublishedEvents _published = null!;

    public async ValueTask InitializeAsync()
    {
        await _mesh.InitializeAsync();
        _month = await Month.SetUp(_mesh);
        _published = await PublishedEvents.Of(_mesh.Vhost, Told);
    }

    [Fact]
    public async Task A_month_closes_once_both_sides_agree()
    {
        Assert.Equal("open", (await _month.Period()).Text("state"));
        var closing = (await _month.Close()).Is(202);
        Assert.Equal("closing", closing.Text("state"));
        Assert.Equal(("external-services", "usage-finalized"), Waiting(closing));
        Assert.Equal(Month.Name, (string)(await MonthEvents(1))[0]["month"]!);

        await _month.FinalizeUsage(1);
        var posted = await _month.Posted();
        Assert.Equal(("external-services", "profitability-calculated"), Waiting(posted));
        var costs = (await MonthEvents(2))[1];
        Assert.Equal(posted.Text("runId"), (string)costs["runId"]!);
        Assert.Equal(
            [("UNUSED", "0.00", "0", null), (_month.Service, "25.00", "1", "25")],
            Services(costs).OrderByDescending(service => service.Item1));
        Assert.Equal(
            ("ACME", "5.00"),
            ((string)costs["directCosts"]![0]!["customer"]!, (string)costs["directCosts"]![0]!["cost"]!));
        Assert.Equal("15.00", (string)costs["overheadResidual"]!);

        await _month.Reckon(posted.Text("runId"), 45);
        var closed = await _month.Until("closed");
        Assert.Null(closed.Body["waitingFor"]);
        Assert.Equal("45.00", (string)(await MonthEvents(3))[2]["externalShare"]!);
        Assert.Equal("closed", (await _month.Close()).Refuses(409, "period-closed").Text("state"));
    }

    [Fact]
    public async Task A_closed_month_reconciles_to_zero()
    {
        Assert.Empty((await _mesh.Provider.Get($"reconciliation/{Month.Name}")).Is(200)["lines"].AsArray());
        await _month.CloseCompletely(1, 45);

        var reconciliation = (await _mesh.Provider.Get($"reconciliation/{Month.Name}")).Is(200);
        Assert.True((bool)reconciliation["reconciled"]);
        Assert.Equal(
            ["costs", "allocation", "statements", "journal", "external-costs", "external-reckoning"],
            reconciliation["lines"].AsArray().Select(line => (string)line!["code"]!));
        Assert.All(
            reconciliation["lines"].AsArray(), line => Assert.Equal("0.00", (string)line!["difference"]!["amount"]!));
        Assert.Equal("135.00", (string)reconciliation["lines"][0]!["left"]!["amount"]!);
    }

    [Fact]
    public async Task Statements_and_journal_say_what_the_run_says()
    {
        var run = await _month.CloseCompletely(1, 45);

        var statements = (await _mesh.Provider.Get($"statements?month={Month.Name}")).Is(200).Items
            .ToDictionary(
                statement => (string)statement["department"]!, statement => (string)statement["total"]!["amount"]!);
        Assert.Equal(
            new() { [_month.Sales] = "40.00", [_month.Research] = "50.00", ["EXTERNAL-BUSINESS"] = "45.00" },
            statements);
        var balance = (await _mesh.Provider.Get($"journal/trial-balance?month={Month.Name}")).Is(200);
        Assert.Equal(
            ("135.00", "135.00", "0.00"),
            (Amount(balance["debits"]), Amount(balance["credits"]), Amount(balance["difference"])));
        var pool = balance["accounts"].AsArray().Single(account => (string)account!["code"]! == _month.Pool)!;
        Assert.Equal("-105.00", Amount(pool["balance"]!));
        var journal = (await _mesh.Provider.Get($"journal?month={Month.Name}&limit=3")).Is(200);
        var rest = (await _mesh.Provider.Get($"journal?month={Month.Name}&cursor={journal.Text("next")}")).Is(200);
        Assert.Equal(10, journal.Items.Concat(rest.Items).Count());
        Assert.All(journal.Items, entry => Assert.Equal(run, (string)entry["runId"]!));
        var issued = await Eventually.Gives(
            () => Task.FromResult(_published.Named("department")), events => events.Count == 2);
        Assert.Equal(
            new[] { (_month.Research, "50.00"), (_month.Sales, "40.00") }.Order(),
            issued.Select(sent => ((string)sent["department"]!, (string)sent["total"]!)).Order());
    }

    [Fact]
    public async Task Messages_delivered_again_change_nothing()
    {
        (await _month.Close()).Is(202);
        for (var i = 0; i < 3; i++) await _month.FinalizeUsage(1);
        var run = (await _month.Posted()).Text("runId");
        for (var i = 0; i < 3; i++) await _month.Reckon(run, 45);
        await _month.Until("closed");
        await _month.Reckon(run, 46);

        Assert.Equal(3, (await MonthEvents(3)).Count);
        await Eventually.Holds(async () => await _mesh.Scalar<long>(
            "select count(*) from messaging.inbox where consumer like '%profitability-calculated'") == 4);
        Assert.Equal("closed", (await _month.Period()).Text("state"));
        Assert.Equal(1L, await _mesh.Scalar<long>("select count(*) from chargeback.journal_transactions"));
        Assert.Equal(3L, await _mesh.Scalar<long>("select count(*) from chargeback.statements"));
        Assert.Equal(3, _published.About(Month.Name).Count);
    }

    [Theory]
    [InlineData("2026-11")]
    [InlineData("2031-01")]
    public async Task A_month_that_has_not_ended_is_not_closed(string month) =>
        (await _mesh.Provider.Post($"periods/{month}/close")).Refuses(422, "period-not-ended");

    [Fact]
    public async Task A_month_13_is_unreadable()
    {
        (await _mesh.Provider.Post("periods/2026-13/close")).Is(400);
        (await _mesh.Provider.Get("periods/2026-13")).Is(400);
        (await _mesh.Department(_month.Sales).Post($"{_month.Path}/close")).Is(403);
    }

    [Fact]
    public async Task Months_with_costs_close_in_order()
    {
        await _month.Cost(_month.Support, EntryItem.Of("2026-08", "1.00"));

        (await _month.Close()).Refuses(409, "earlier-period-not-closed");
        Assert.Equal("open", (await _month.Period()).Text("state"));
    }

    [Fact]
    public async Task What_comes_for_a_month_that_is_closing_is_late()
    {
        (await _month.Close()).Is(202);

        var late = EntryItem.Of(Month.Name, "7.00");
        await _month.Cost(_month.Support, late);
        await _month.Used(_month.Sales, "5");
        var import = (await _mesh.Provider.PostCsv("cost-imports", new FocusCsv().Row("3").ToString())).Is(201);

        var entry = Assert.Single(
            (await _mesh.Provider.Get($"cost-pools/{_month.Support}/entries?month=2026-11")).Items);
        Assert.Equal((late.reference, Month.Name), ((string)entry["reference"]!, (string)entry["originMonth"]!));
        Assert.Equal("5", (string)Assert.Single((await _mesh.Provider.Get("usage?month=2026-11")).Items)["quantity"]!);
        Assert.Equal(
            ("2026-11", Month.Name),
            ((string)import["totals"][0]!["month"]!, (string)import["totals"][0]!["originMonth"]!));
        await _month.FinalizeUsage(1);
        Assert.Equal(
            "135.00", Amount((await _mesh.Provider.Get($"runs/{(await _month.Posted()).Text("runId")}"))["poolTotal"]));
    }

    [Fact]
    public async Task A_close_that_is_blocked_says_why_and_goes_on_when_it_is_taken_up_again()
    {
        var idle = await new Organisation(_mesh.Provider).Pool();
        await _month.Cost(idle, EntryItem.Of(Month.Name, "1.00"));
        (await _month.Close()).Is(202);
        await _month.FinalizeUsage(1);

        var blocked = await Eventually.Gives(_month.Period, period => period.Body["blockedBy"] is not null);
        Assert.Equal("rule-missing", (string)blocked["blockedBy"]["code"]!);
        Assert.Equal($"/pools/{idle}", (string)Assert.Single(blocked["blockedBy"]["pointers"]!.AsArray())!);
        Assert.Null(blocked.Body["waitingFor"]);
        Assert.Equal("rule-missing", (string)(await _month.Close()).Is(202)["blockedBy"]["code"]!);

        await RulesWith(idle);
        var went = (await _month.Close()).Is(202);
        Assert.Null(went.Body["blockedBy"]);
        await _month.Reckon(went.Text("runId"), 45);
        await _month.Until("closed");
    }

    [Fact]
    public async Task A_close_that_waits_asks_again_when_it_is_taken_up_again()
    {
        (await _month.Close()).Is(202);
        (await _month.Close()).Is(202);
        var asked = await MonthEvents(2);
        Assert.True((long)asked[0]["aggregateVersion"]! < (long)asked[1]["aggregateVersion"]!);
        Assert.NotEqual((string)asked[0]["eventId"]!, (string)asked[1]["eventId"]!);
    }

    [Fact]
    public async Task Sides_that_disagree_leave_the_month_closing_with_the_figures()
    {
        (await _month.Close()).Is(202);
        await _month.FinalizeUsage(1);
        var run = (await _month.Posted()).Text("runId");
        await _month.Reckon(run, 44.99m);

        var blocked = await Eventually.Gives(_month.Period, period => period.Body["blockedBy"] is not null);
        Assert.Equal("reconciliation-mismatch", (string)blocked["blockedBy"]["code"]!);
        Assert.Contains("45.00 USD", (string)blocked["blockedBy"]["detail"]!, StringComparison.Ordinal);
        Assert.Contains("44.99", (string)blocked["blockedBy"]["detail"]!, StringComparison.Ordinal);
        var reconciliation = (await _mesh.Provider.Get($"reconciliation/{Month.Name}")).Is(200);
        Assert.False((bool)reconciliation["reconciled"]);
        Assert.Equal("0.01", Amount(reconciliation["lines"].AsArray()[^1]!["difference"]!));

        (await _month.Close()).Is(202);
        Assert.Equal(run, (string)(await MonthEvents(3))[2]["runId"]!);
        await _month.Reckon(run, 45.00m);
        await _month.Until("closed");
    }

    [Fact]
    public async Task Figures_that_do_not_match_their_checksum_are_set_aside()
    {
        (await _month.Close()).Is(202);
        await _month.FinalizeUsage(1, checksum: new string('0', 64));

        await Eventually.Passes(async () =>
        {
            var status = (await _mesh.Provider.Get("ops/messaging")).Is(200);
            var errors = status["queues"].AsArray()
                .Single(queue => (string)queue!["queue"]! == "internal-services.usage-finalized_error")!;
            Assert.Equal(1, (int)errors["messages"]!);
        });
        Assert.Equal(("external-services", "usage-finalized"), Waiting(await _month.Period()));
        await _month.FinalizeUsage(1);
        await _month.Posted();
    }

    [Fact]
    public async Task Usage_that_is_being_recorded_is_in_the_month_or_late_and_never_between()
    {
        var recorded = Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var i = 0; i < 10; i++) await _month.Used(_month.Sales, "1");
        }).ToArray();
        await Task.Delay(50);
        (await _month.Close()).Is(202);
        await _month.FinalizeUsage(0);
        var run = (await _month.Posted()).Text("runId");
        await Task.WhenAll(recorded);

        var counted = (await _mesh.Provider.Get($"runs/{run}/lines")).Is(200).Items
            .Single(line => (string)line["pool"]! == _month.Pool && (string)line["department"]! == _month.Sales);
        var stands = await _mesh.Scalar<decimal>(
            $"""
            select sum(quantity) from chargeback.usage where month = '2026-10-01' and department_code = '{_month.Sales}'
            """);
        Assert.Equal(
            decimal.ToInt32(stands),
            int.Parse((string)counted["quantity"]!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(81m, await _mesh.Scalar<decimal>(
            $"select sum(quantity) from chargeback.usage where department_code = '{_month.Sales}'"));
    }

    public async ValueTask DisposeAsync()
    {
        await _published.DisposeAsync();
        await _mesh.DisposeAsync();
    }

    private Task<IReadOnlyList<JsonNode>> MonthEvents(int count) =>
        Eventually.Gives(() => Task.FromResult(_published.About(Month.Name)), events => events.Count == count);

    private async Task RulesWith(string pool) => (await _mesh.Provider.Post("rule-sets", new
    {
        method = "direct",
        rules = new object[]
        {
            new { pool, driver = new { kind = "even", consumers = new[] { new { department = _month.Sales } } } },
            new { pool = _month.Pool, driver = new { kind = "usage", service = _month.Service } },
            new
            {
                pool = _month.Support,
                driver = new
                {
                    kind = "even",
                    consumers = new[] { new { department = _month.Sales }, new { department = "EXTERNAL-BUSINESS" } },
                },
            },
        },
    })).Is(201);

    private static (string, string) Waiting(ApiAnswer period) =>
        ((string)period["waitingFor"]["party"]!, (string)period["waitingFor"]["what"]!);

    private static IEnumerable<(string, string, string, string?)> Services(JsonNode costs) =>
        costs["services"]!.AsArray().Select(service => (
            (string)service!["service"]!,
            (string)service["cost"]!,
            (string)service["quantity"]!,
            (string?)service["unitCost"]));

    private static string Amount(JsonNode money) => (string)money["amount"]!;
}
