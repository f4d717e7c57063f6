using System.Text.Json.Nodes;

namespace InternalServices.Api.Tests;

/// <summary>Prices from the rate card to the statement.</summary>
public sealed class RateCardTests : IAsyncLifetime
{
    private readonly InternalServicesFixture _mesh = new();
    private Month _month = null!;
    private string _path = null!;

    public async ValueTask InitializeAsync()
    {
        await _mesh.InitializeAsync();
        _month = await Month.SetUp(_mesh);
        _path = $"services/{_month.Service}/rate-cards";
        await Priced(_month.Service);
    }

    /// <summary>100.00 cost, 20.00 a unit, used 1, 2 and 1: 80.00 are charged and 20.00 are missing.</summary>
    [Theory]
    [InlineData(
        "trueUp", "rateCard 20.00 trueUp 5.00", "rateCard 40.00 trueUp 10.00", "rateCard 20.00 trueUp 5.00", 45)]
    [InlineData("carryForward", "carryForward 20.00 rateCard 20.00", "rateCard 40.00", "rateCard 20.00", 40)]
    [InlineData("absorb", "absorbed 20.00 rateCard 20.00", "rateCard 40.00", "rateCard 20.00", 40)]
    public async Task What_the_prices_miss_goes_where_the_card_says(
        string difference, string owner, string research, string external, int share)
    {
        (await Add(Month.Name, difference, Tier("20"))).Is(201);
        await _month.CloseCompletely(1, share);

        Assert.Equal(owner, await Lines(_month.Sales));
        Assert.Equal(research, await Lines(_month.Research));
        Assert.Equal($"direct 5.00 {external}", await Lines("EXTERNAL-BUSINESS"));
        Assert.True((bool)(await _mesh.Provider.Get($"reconciliation/{Month.Name}")).Is(200)["reconciled"]);
    }

    [Fact]
    public async Task What_the_prices_exceed_is_given_back()
    {
        (await Add(Month.Name, "trueUp", Tier("30"))).Is(201);
        await _month.CloseCompletely(1, 45);

        Assert.Equal("rateCard 30.00 trueUp -5.00", await Lines(_month.Sales));
        Assert.Equal("rateCard 60.00 trueUp -10.00", await Lines(_month.Research));
        var explanation = (await _mesh.Provider.Get($"statement-lines/{await LineId(_month.Research)}/explanation"))
            .Is(200);
        Assert.Equal((1, "2"), ((int)explanation["rateCard"], (string)explanation["driver"]["quantity"]!));
        Assert.Contains(
            explanation["sentences"].AsArray(),
            sentence => (string)sentence! == "2 are charged at the prices of version 1 of the rate card.");
    }

    [Fact]
    public async Task Use_is_charged_although_nothing_was_spent()
    {
        var service = await new Organisation(_mesh.Provider).Service(_month.Sales);
        var pool = await new Organisation(_mesh.Provider).Pool(service);
        await Priced(service);
        await Used(service, "2026-09-05T09:30:00Z", "3");
        (await _mesh.Provider.Post($"services/{service}/rate-cards", Card("2026-09", "absorb", Tier("1.5")))).Is(201);
        await Rules(Rule(pool, service));

        Assert.Equal(
            [("absorbed", "-4.50"), ("rateCard", "4.50")], await RunLines("2026-09", pool));
    }

    [Fact]
    public async Task Each_month_is_charged_by_the_version_of_its_date()
    {
        await _month.Cost(_month.Pool, EntryItem.Of("2026-08", "100.00"), EntryItem.Of("2026-09", "100.00"));
        await _month.Used(_month.Research, "1", "2026-08-31T21:59:59Z");
        await _month.Used(_month.Research, "1", "2026-08-31T22:00:00Z");
        var first = (await Add("2026-07", "absorb", Tier("10"))).Is(201);
        Assert.Null(first.Body["validTo"]);
        (await Add("2026-09", "absorb", Tier("11"))).Is(201);
        await Rules(Rule(_month.Pool, _month.Service));

        Assert.Equal([("absorbed", "90.00"), ("rateCard", "10.00")], await RunLines("2026-08", _month.Pool));
        Assert.Equal([("absorbed", "89.00"), ("rateCard", "11.00")], await RunLines("2026-09", _month.Pool));
        var versions = (await _mesh.Department(_month.Research).Get(_path)).Is(200).Items;
        Assert.Equal(
            [("2026-09", null), ("2026-07", "2026-09")],
            versions.Select(card => ((string)card["validFrom"]!, (string?)card["validTo"])));
        Assert.Equal("10", (string)(await _mesh.Provider.Get(first.Location!["/internal/v1/".Length..]))
            .Is(200)["tiers"][0]!["unitPrice"]!);
    }

    [Fact]
    public async Task Versions_never_overlap()
    {
        (await Add("2026-07", "absorb", "2026-09", Tier("10"))).Is(201);
        (await Add("2026-08", "absorb", "2026-10", Tier("10"))).Refuses(409, "rate-card-overlap");
        (await Add("2026-06", "absorb", Tier("10"))).Refuses(409, "rate-card-overlap");
        (await Add("2026-06", "absorb", "2026-07", Tier("10"))).Is(201);
        (await Add("2026-09", "absorb", Tier("10"))).Is(201);
        (await Add("2026-09", "absorb", Tier("10"))).Refuses(409, "rate-card-overlap");
        var raced = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Add("2026-10", "absorb", Tier("10"))));
        Assert.Single(raced, answer => (int)answer.Status == 201);
        Assert.Equal(3, raced.Count(answer => (int)answer.Status == 409));
    }

    [Fact]
    public async Task Prices_of_a_month_that_closes_stay_as_they_are()
    {
        (await Add("2026-07", "trueUp", Tier("20"))).Is(201);
        await _month.CloseCompletely(1, 45);

        (await Add("2026-09", "absorb", Tier("10"))).Refuses(409, "period-not-open");
        (await Add("2026-11", "absorb", Tier("10"))).Is(201);
    }

    [Fact]
    public async Task A_card_says_what_it_means_or_is_refused()
    {
        (await Add("2026-07", "absorb", "2026-07", Tier("1"))).RefusesField("/validTo", "invalid-span");
        (await Add("2026-07", "absorb")).RefusesField("/tiers", "invalid-count");
        (await Add("2026-07", "absorb", Tier("1", "5"))).RefusesField("/tiers/0/upTo", "invalid-bound");
        (await Add("2026-07", "absorb", Tier("1", "5"), Tier("1", "5"), Tier("1")))
            .RefusesField("/tiers/1/upTo", "invalid-bound");
        (await Add("2026-07", "absorb", Tier("1"), Tier("1"))).RefusesField("/tiers/0/upTo", "invalid-bound");
        (await Add("2026-07", "absorb", Tier("-1"))).Refuses(422, "invalid-fields")
            .RefusesField("/tiers/0/unitPrice", "invalid-price");
        (await Add("2026-07", "absorb", Tier("0.0000000000001"))).RefusesField("/tiers/0/unitPrice", "invalid-price");
        (await Add("2026-07", "gift", Tier("1"))).Is(400);
        (await _mesh.Department(_month.Sales).Post(_path, Card("2026-07", "absorb", Tier("1")))).Is(403);
        (await _mesh.Provider.Get($"{_path}/1")).Refuses(404, "rate-card-not-found");
        _path = "services/NONE/rate-cards";
        (await Add("2026-07", "absorb", Tier("1"))).Refuses(404, "service-not-found");
    }

    [Fact]
    public async Task A_run_needs_prices_and_usage_to_charge_by()
    {
        (await _month.Calculate()).Refuses(422, "rate-card-missing")
            .RefusesField($"/pools/{_month.Pool}", "rate-card-missing");

        (await Add("2026-07", "absorb", Tier("1"))).Is(201);
        var even = new
        {
            pool = _month.Pool,
            driver = new { kind = "even", consumers = new[] { new { department = _month.Sales } } },
        };
        var support = new { pool = _month.Support, even.driver };
        await Rules(even, support);
        (await _month.Calculate()).Refuses(422, "rate-card-driver")
            .RefusesField($"/pools/{_month.Pool}", "rate-card-driver");

        var second = await new Organisation(_mesh.Provider).Pool(_month.Service);
        await Rules(Rule(_month.Pool, _month.Service), Rule(second, _month.Service), support);
        (await _month.Calculate()).Refuses(422, "rate-card-ambiguous")
            .RefusesField($"/pools/{second}", "rate-card-ambiguous");
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private async Task Priced(string service)
    {
        var found = (await _mesh.Provider.Get($"services/{service}")).Is(200);
        (await _mesh.Provider.Put(
            $"services/{service}",
            new
            {
                name = found.Text("name"),
                ownerDepartment = _month.Sales,
                audience = "both",
                charging = "chargeback",
                pricing = "rateCard",
                active = true,
            },
            found.ETag)).Is(200);
    }

    private Task<ApiAnswer> Add(string from, string difference, params object[] tiers) =>
        _mesh.Provider.Post(_path, Card(from, difference, tiers));

    private Task<ApiAnswer> Add(string from, string difference, string to, params object[] tiers) =>
        _mesh.Provider.Post(
        _path, new { validFrom = from, validTo = to, mode = "volume", difference, tiers });

    private static object Card(string from, string difference, params object[] tiers) =>
        new { validFrom = from, mode = "volume", difference, tiers };

    private static object Tier(string unitPrice, string? upTo = null) => new { unitPrice, upTo };

    private static object Rule(string pool, string service) => new { pool, driver = new { kind = "usage", service } };

    private async Task Rules(params object[] rules) =>
        (await _mesh.Provider.Post("rule-sets", new { method = "direct", rules })).Is(201);

    private async Task Used(string service, string at, string quantity) => (await _mesh.Provider.Post(
        "usage/batch",
        new[] { new UsageItem("meter", Organisation.Code("U"), _month.Research, service, at, quantity) })).Is(200);

    private async Task<IEnumerable<(string, string)>> RunLines(string month, string pool)
    {
        var run = (await _mesh.Provider.Post("runs", new { month }, ApiClient.NewKey())).Is(201).Text("id");
        return (await _mesh.Provider.Get($"runs/{run}/lines")).Is(200).Items
            .Where(line => (string)line["pool"]! == pool)
            .Select(line => ((string)line["kind"]!, Amount(line)))
            .Order();
    }

    private async Task<string> Lines(string department) => string.Join(
        ' ', (await StatementLines(department)).Select(line => $"{line["kind"]} {Amount(line)}").Order());

    private async Task<string> LineId(string department) => (await StatementLines(department))
        .Where(line => (string)line["kind"]! == "rateCard")
        .Select(line => (string)line["id"]!)
        .Single();

    /// <summary>Of the service's pool, as the department's statement says.</summary>
    private async Task<IEnumerable<JsonNode>> StatementLines(string department)
    {
        var statement = Assert.Single(
            (await _mesh.Provider.Get($"statements?month={Month.Name}&department={department}")).Is(200).Items);
        var document = (await _mesh.Provider.Get($"statements/{(string)statement["id"]!}")).Is(200);
        return document["lines"].AsArray().Select(line => line!).Where(line => (string)line["pool"]! == _month.Pool);
    }

    private static string Amount(JsonNode line) => (string)line["amount"]!["amount"]!;
}
