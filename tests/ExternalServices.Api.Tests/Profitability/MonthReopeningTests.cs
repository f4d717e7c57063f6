using System.Text.Json.Nodes;
using Testing;

namespace ExternalServices.Api.Tests.Profitability;

/// <summary>The internal side opens a closed month again.</summary>
public sealed class MonthReopeningTests(ClosingService service) : IClassFixture<ClosingService>
{
    private const string Why = "A supplier's invoice came late";

    [Fact]
    public async Task A_month_opened_again_is_final_no_more_and_closes_by_another_run()
    {
        await using var inside = await InternalSide.Connect(service.Vhost);
        var (usage, first) = await Closed(inside, "2027-03", 50);

        await inside.Reopen("2027-03", Why);
        var reopened = await Until("2027-03", "reopened");
        Assert.Equal((Why, $"{first}"), (reopened.Text("reopeningReason"), reopened.Text("run")));
        Assert.Null((string?)reopened["closedAt"]);
        Assert.Equal("50.00", await CostOf("2027-03"));

        var again = await inside.Close("2027-03");
        Assert.Equal(usage, again.Checksum);
        var second = InternalSide.NewRun();
        await inside.Tell("2027-03", second, [], [InternalSide.Direct("GLOBEX", 60)], 0);
        Assert.Equal(60m, (await inside.Answer(second)).Cost);
        await Until("2027-03", "calculated");
        await inside.End("2027-03", second, 60);
        var closed = await Until("2027-03", "closed");
        Assert.Equal((Why, $"{second}"), (closed.Text("reopeningReason"), closed.Text("run")));
        Assert.Equal("60.00", await CostOf("2027-03"));
    }

    [Fact]
    public async Task The_same_run_closes_it_again_when_nothing_has_changed()
    {
        await using var inside = await InternalSide.Connect(service.Vhost);
        var (_, run) = await Closed(inside, "2027-05", 50);
        await inside.Reopen("2027-05", Why);
        await Until("2027-05", "reopened");
        await inside.Close("2027-05");
        await inside.Tell("2027-05", run, [], [InternalSide.Direct("GLOBEX", 50)], 0);
        await Until("2027-05", "calculated");
        await inside.End("2027-05", run, 50);
        await Until("2027-05", "closed");
    }

    [Fact]
    public async Task Words_that_are_out_of_date_change_nothing()
    {
        await using var inside = await InternalSide.Connect(service.Vhost);
        var (_, run) = await Closed(inside, "2027-07", 50);
        await inside.Reopen("2027-07", "An older word that comes after the close", version: 1);
        await inside.Reopen("2027-08", "A month that nobody has reckoned");
        await inside.Tell("2027-07", run, [], [InternalSide.Direct("GLOBEX", 51)], 0);
        await Eventually.Gives(() => CostOf("2027-07"), cost => cost == "51.00");
        Assert.Equal("closed", (await Month("2027-07")).Text("state"));
        Assert.Equal("open", (await Month("2027-08")).Text("state"));
    }

    private async Task<(string Usage, Guid Run)> Closed(InternalSide inside, string month, decimal cost)
    {
        var usage = await inside.Close(month);
        var run = InternalSide.NewRun();
        await inside.Tell(month, run, [], [InternalSide.Direct("GLOBEX", cost)], 0);
        await inside.Answer(run);
        await inside.End(month, run, cost);
        await Until(month, "closed");
        return (usage.Checksum, run);
    }

    private Task<JsonNode> Until(string month, string state) =>
        Eventually.Gives(() => Month(month), seen => seen.Text("state") == state);

    private Task<JsonNode> Month(string month) => service.Provider.Get($"/external/v1/cost-months/{month}");

    private async Task<string> CostOf(string month) =>
        (await service.Provider.Get($"/external/v1/profitability/reconciliation?month={month}"))
            .Text("cost.externalShare.amount");
}
