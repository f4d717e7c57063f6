using System.Net;
using System.Text.Json.Nodes;
using ExternalServices.Api.Tests.Billing;

namespace ExternalServices.Api.Tests.Revenue;

public sealed class RevenueTests(ExternalService service)
{
    private const string Path = "/external/v1/revenue";

    [Fact]
    public async Task A_yearly_fee_in_advance_becomes_revenue_by_day()
    {
        var world = await Yearly();
        Assert.Equal("deferredRevenue -1200.00, receivables 1452.00, tax -252.00", await world.Books());
        var january = await Recognise(world, "2026-01");
        Assert.Equal(["1", "101.92"], [january.Text("lines"), january.Text("recognised.0.amount.amount")]);
        var booked = await world.Provider.Get(
            $"/external/v1/ledger/transactions/{january.Text("recognised.0.transaction")}");
        Assert.Equal(["recognition", "2026-01-31"], [booked.Text("kind"), booked.Text("day")]);
        Assert.Equal(
            ["deferredRevenue 101.92 ", "revenue -101.92 SUPPORT"],
            booked["entries"]!.AsArray().Select(entry =>
                $"{entry!.Text("account")} {entry!.Text("amount.amount")} {entry!["detail"]}"));

        // February is caught up by March.
        await Recognise(world, "2026-03");
        Assert.Equal(
            "deferredRevenue -904.11, receivables 1452.00, revenue -295.89, tax -252.00", await world.Books());
        var line = (await world.Provider.Get($"{Path}/schedule?contract={world.Contract}"))["items"]![0]!;
        Assert.Equal(
            ["1200.00", "0.00", "295.89", "904.11"],
            new[] { "billed", "credited", "recognised", "deferred" }.Select(name => line.Text($"{name}.amount")));
        var months = line["months"]!.AsArray();
        Assert.Equal(
            ["2026-01 101.92 true", "2026-03 193.97 true", "2026-04 98.63 false"],
            months.Take(3).Select(MonthOf));
        Assert.Equal(["2026-12", "1200.00"], [months[^1]!.Text("month"), $"{Sum(months, "amount.amount")}"]);
        await Reconciled(world, "1200.00", "0.00", "295.89", "904.11");
    }

    [Fact]
    public async Task Months_tell_what_is_in_the_books_and_what_is_ahead()
    {
        var world = await Yearly();
        await Recognise(world, "2026-02");
        var first = await world.Provider.Get($"{Path}/months?legalEntity={world.Entity}&limit=2");
        Assert.Equal(
            ["2026-02 193.97 0.00", "2026-03 0.00 101.92"],
            first["items"]!.AsArray().Select(month =>
                $"{month!.Text("month")} {month!.Text("amounts.0.recognised.amount")} "
                + month!.Text("amounts.0.scheduled.amount")));
        var rest = await world.Provider.Get(
            $"{Path}/months?legalEntity={world.Entity}&cursor={first.Text("next")}");
        Assert.Equal(9, rest["items"]!.AsArray().Count);
        Assert.Equal(
            1200.00m - 193.97m - 101.92m,
            rest["items"]!.AsArray().Sum(month => Number(month!.Text("amounts.0.scheduled.amount"))));
    }

    [Fact]
    public async Task A_month_is_recognised_once_however_often_it_is_asked_for()
    {
        var world = await Yearly();
        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Recognise(world, "2026-01")));
        Assert.Equal(["0", "0", "0", "1"], runs.Select(run => run.Text("lines")).Order());
        Assert.Empty(runs.First(run => run.Text("lines") == "0")["recognised"]!.AsArray());
        Assert.Equal(
            "deferredRevenue -1098.08, receivables 1452.00, revenue -101.92, tax -252.00", await world.Books());
        var listed = await world.Provider.Get(
            $"{Path}/recognition-runs?legalEntity={world.Entity}&month=2026-01");
        Assert.Equal(4, listed["items"]!.AsArray().Count);
        var twice = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => service.Sql(
            $"""
            insert into revenue.recognitions
            select * from revenue.recognitions where legal_entity = '{world.Entity}'
            """));
        Assert.Equal("23505", twice.SqlState);
    }

    [Fact]
    public async Task Invoices_that_come_after_the_month_are_taken_by_a_repetition()
    {
        var world = await World.Create(service);
        await Recognise(world, "2026-02");
        await world.Tax("ES", "21");
        await world.Sign();
        await world.Bill("2026-02");
        Assert.Equal("100.00", (await Recognise(world, "2026-02")).Text("recognised.0.amount.amount"));
        Assert.Equal("receivables 121.00, revenue -100.00, tax -21.00", await world.Books());
    }

    [Fact]
    public async Task A_credit_note_takes_revenue_back_in_the_next_month()
    {
        var world = await Yearly();
        await Recognise(world, "2026-03");
        await world.Credit(await world.TheInvoice(), Money.Credit(1, "600.00"));
        var april = await Recognise(world, "2026-04");
        Assert.Equal("-98.63", april.Text("recognised.0.amount.amount"));
        Assert.Equal("deferredRevenue -402.74, receivables 726.00, revenue -197.26, tax -126.00", await world.Books());
        await Reconciled(world, "1200.00", "600.00", "197.26", "402.74");
    }

    [Fact]
    public async Task A_cancelled_invoice_leaves_no_revenue()
    {
        var world = await Yearly();
        await Recognise(world, "2026-03");
        await world.Act(await world.TheInvoice(), "cancel", new { reason = "Error" }, HttpStatusCode.Created);
        Assert.Equal("deferredRevenue 295.89, revenue -295.89", await world.Books());
        await Recognise(world, "2026-04");
        Assert.Equal("", await world.Books());
        await Reconciled(world, "1200.00", "1200.00", "0.00", "0.00");
    }

    [Fact]
    public async Task Months_go_forwards_and_are_over()
    {
        var world = await Yearly();
        await Recognise(world, "2026-03");
        var earlier = await Recognise(world, "2026-02", HttpStatusCode.Conflict);
        Assert.Equal("later-month-recognised", earlier.Code());
        var future = await Recognise(world, "2099-12", HttpStatusCode.UnprocessableEntity);
        Assert.Equal(["month-not-over", "/month"], [future.Code(), future.Text("errors.0.pointer")]);
        var unknown = await world.Provider.Post(
            $"{Path}/recognition-runs",
            new { legalEntity = "NOBODY", month = "2026-01" },
            HttpStatusCode.UnprocessableEntity,
            Money.Key());
        Assert.Equal("legal-entity-not-found", unknown.Code());
        await world.Provider.Get($"{Path}/months?legalEntity=NOBODY", HttpStatusCode.NotFound);
        await world.Provider.Get($"{Path}/reconciliation?legalEntity=NOBODY", HttpStatusCode.NotFound);
        await service.As(world.Customer).Get($"{Path}/schedule", HttpStatusCode.Forbidden);
    }

    /// <summary>A fee of 1200.00 for 2026, invoiced in January.</summary>
    private async Task<World> Yearly()
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await world.Publish(world.Plan, [World.Flat("BASE", "1200.00", "inAdvance")], monthsPerPeriod: 12);
        await world.SignOn(world.Plan, world.Contract, "2026-01-01");
        await world.Bill("2026-01");
        return world;
    }

    private static Task<JsonNode> Recognise(
        World world, string month, HttpStatusCode expected = HttpStatusCode.Created) =>
        world.Provider.Post(
            $"{Path}/recognition-runs", new { legalEntity = world.Entity, month }, expected, Money.Key());

    private static async Task Reconciled(
        World world, string billed, string credited, string recognised, string deferred)
    {
        var standing = await world.Provider.Get($"{Path}/reconciliation?legalEntity={world.Entity}");
        Assert.Equal(
            [billed, credited, recognised, deferred, deferred, recognised, "0.00"],
            new[]
            {
                "billed", "credited", "recognised", "deferred", "deferredInBooks", "recognisedInBooks", "difference",
            }.Select(name => standing.Text($"currencies.0.{name}.amount")));
    }

    private static string MonthOf(JsonNode? month) =>
        $"{month!.Text("month")} {month!.Text("amount.amount")} {month!.Text("isRecognised")}";

    private static decimal Sum(JsonArray months, string path) => months.Sum(month => Number(month!.Text(path)));

    private static decimal Number(string text) =>
        decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
