using System.Globalization;
using System.Text.Json.Nodes;
using CsvHelper;
using Testing;

namespace InternalServices.Api.Tests;

/// <summary>Balances taken over, what the accounting system calls accounts, and the journal as files.</summary>
public sealed class JournalTests : IAsyncLifetime
{
    private readonly InternalServicesFixture _mesh = new();
    private Month _month = null!;
    private ApiClient _controller = null!;

    public async ValueTask InitializeAsync()
    {
        await _mesh.InitializeAsync();
        _month = await Month.SetUp(_mesh);
        _controller = _mesh.Client(_mesh.Issuer.Provider("controller"));
    }

    [Fact]
    public async Task Hledger_accepts_the_journal_and_comes_to_our_balances_account_by_account()
    {
        (await TakeOver("2026-09", ("pool", _month.Pool, "-1000.10"), ("department", _month.Sales, "400.00"))).Is(201);
        await _month.CloseCompletely(usage: 1m, share: 45.00m);
        (await TakeOver("2026-11", ("department", _month.Research, "7.77"))).Is(201);

        var all = await File("ledger");
        Assert.Equal("", await Hledger.Run(all, "check", "--strict"));
        Assert.Equal(await Ours("2026-11", "closing"), (await Hledger.Balances(all)).Order());
        Assert.Equal(await Ours("2026-10", "closing"), (await Hledger.Balances(all, "--end=2026-11")).Order());
        Assert.Equal(await Ours("2026-10", "opening"), (await Hledger.Balances(all, "--end=2026-10")).Order());

        var month = await File("ledger?from=2026-10&to=2026-10");
        Assert.Equal("", await Hledger.Run(month, "check", "--strict"));
        Assert.Equal(await Ours("2026-10", "balance"), (await Hledger.Balances(month)).Order());
        Assert.Contains("Books until August, taken over", all, StringComparison.Ordinal);

        // What is changed on its way no longer passes.
        Assert.NotEqual("", await Hledger.Run(all.Replace(" 400.00 ", " 400.01 ", StringComparison.Ordinal), "check"));
    }

    [Fact]
    public async Task Balances_taken_over_open_the_next_month_and_can_be_reversed()
    {
        var booked = (await TakeOver("2026-09", ("pool", _month.Pool, "-12.34"), ("department", _month.Sales, "2.34")))
            .Is(201);
        Assert.Equal("openingBalance", booked.Text("kind"));
        Assert.Equal((3, "12.34"), ((int)booked["entries"], (string)booked["debits"]["amount"]!));
        Assert.Equal(booked.Body.ToJsonString(), (await Transaction(booked.Text("id"))).Body.ToJsonString());

        var september = await Balance("2026-09");
        Assert.Equal("-12.34", Of(september, _month.Pool, "balance"));
        Assert.Equal("10.00", Of(september, "OPENING-BALANCE", "balance"));
        var october = await Balance("2026-10");
        Assert.Equal(("-12.34", "0.00"), (Of(october, _month.Pool, "opening"), Of(october, _month.Pool, "balance")));
        Assert.Equal("2.34", Of(october, _month.Sales, "closing"));
        Assert.All(["difference", "opening", "closing"], sum => Assert.Equal("0.00", (string)october[sum]["amount"]!));

        var path = $"journal/transactions/{booked.Text("id")}/reverse";
        var mirror = (await _controller.Post(path, key: ApiClient.NewKey())).Is(201);
        Assert.Equal(booked.Text("id"), mirror.Text("reverses"));
        Assert.Equal(mirror.Text("id"), (await Transaction(booked.Text("id"))).Text("reversedBy"));
        Assert.Equal("0.00", Of(await Balance("2026-10"), _month.Pool, "closing"));
        (await _controller.Post(path, key: ApiClient.NewKey())).Refuses(409, "already-reversed");
        (await _controller.Post($"journal/transactions/{mirror.Text("id")}/reverse", key: ApiClient.NewKey()))
            .Refuses(409, "not-reversible");
        (await _controller.Post($"journal/transactions/{Guid.Empty}/reverse", key: ApiClient.NewKey())).Is(404);
    }

    [Fact]
    public async Task Balances_are_taken_over_in_open_months_by_a_controller_and_name_what_exists()
    {
        var sales = ("department", _month.Sales, "1.00");
        (await TakeOver("2026-09")).RefusesField("/balances", "invalid-count");
        (await TakeOver("2026-09", sales, sales)).RefusesField("/balances/1/code", "account-repeated");
        (await TakeOver("2026-09", ("pool", _month.Sales, "1.00")))
            .RefusesField("/balances/0/code", "account-not-found");
        (await TakeOver("2026-09", ("openingBalance", "OPENING-BALANCE", "1.00")))
            .RefusesField("/balances/0/kind", "opening-balance");
        (await TakeOver("2026-09", ("department", _month.Sales, "0.00")))
            .RefusesField("/balances/0/amount", "out-of-range");
        (await Post(Balances("2026-09", "EUR", sales)))
            .RefusesField("/balances/0/amount/currency", "currency-mismatch");
        (await Post(Balances("2026-09", "USD", ("department", _month.Sales, "1.001")))).Refuses(400, "unreadable");
        (await _mesh.Provider.Post("journal/opening-balances", Balances("2026-09", "USD", sales), ApiClient.NewKey()))
            .Is(403);

        var booked = (await TakeOver("2026-10", sales)).Is(201);
        await _month.CloseCompletely(usage: 1m, share: 45.00m);
        (await TakeOver("2026-10", sales)).Refuses(409, "period-not-open");

        // What is reversed after the close is booked where costs land then.
        var mirror = await _controller.Post(
            $"journal/transactions/{booked.Text("id")}/reverse", key: ApiClient.NewKey());
        Assert.Equal("2026-11", mirror.Is(201).Text("month"));
        Assert.Equal(0L, await _mesh.Scalar<long>("""
            select count(*)
            from (select from chargeback.journal_entries group by transaction_id having sum(amount) <> 0) as unbalanced
            """));
    }

    [Fact]
    public async Task The_table_names_accounts_as_the_accounting_system_does()
    {
        var path = $"journal/accounts/department/{_month.Sales}";
        var unmapped = (await _mesh.Provider.Get(path)).Is(200);
        Assert.Equal(("\"0\"", null), (unmapped.ETag, (string?)unmapped.Body["erpAccount"]));
        var mapping = new { erpAccount = "620000", erpCostCenter = "CC-7" };
        var mapped = (await _mesh.Provider.Put(path, mapping, unmapped.ETag)).Is(200);
        Assert.Equal("620000", mapped.Text("erpAccount"));
        (await _mesh.Provider.Put(path, mapping, unmapped.ETag)).Refuses(412, "changed-meanwhile");
        (await _mesh.Provider.Put(path, new { erpAccount = "6 2" }, mapped.ETag))
            .RefusesField("/erpAccount", "invalid-code");
        (await _mesh.Provider.Get($"journal/accounts/nothing/{_month.Sales}")).Is(404);
        (await _mesh.Provider.Put($"journal/accounts/pool/{_month.Sales}", mapping, "\"0\"")).Is(404);
        Assert.Equal(
            "CC-7",
            (string?)(await _mesh.Provider.List("journal/accounts?"))
                .Single(account => (string)account["code"]! == _month.Sales)["erpCostCenter"]);

        await _month.CloseCompletely(usage: 1m, share: 45.00m);
        var rows = Rows(await File("csv?from=2026-10&to=2026-10"));
        Assert.All(
            rows.Where(row => row["AccountCode"] == _month.Sales),
            row => Assert.Equal(("620000", "CC-7"), (row["ErpAccount"], row["ErpCostCenter"])));
        var balance = await Balance("2026-10");
        Assert.Equal("620000", Of(balance, _month.Sales, member: null));
        foreach (var account in balance["accounts"].AsArray())
        {
            var own = rows.Where(row => row["AccountCode"] == (string)account!["code"]!).ToArray();
            Assert.Equal((string)account!["debits"]!["amount"]!, Sum(own, "Debit"));
            Assert.Equal((string)account["credits"]!["amount"]!, Sum(own, "Credit"));
        }
    }

    [Fact]
    public async Task Focus_rows_split_each_pool_and_another_reader_of_focus_takes_them()
    {
        (await _mesh.Provider.Get("journal/focus?month=2026-10")).Refuses(404, "posted-run-not-found");
        var run = await _month.CloseCompletely(usage: 1m, share: 45.00m);
        var file = await File("focus?month=2026-10");
        var rows = Rows(file);

        var lines = await _mesh.Provider.List($"runs/{run}/lines?");
        Assert.Equal(lines.Count, rows.Count(row => row["AllocatedMethodId"].Length > 0));
        foreach (var pool in rows.GroupBy(row => row["ResourceId"]))
        {
            var origin = Assert.Single(pool, row => row["AllocatedMethodId"].Length == 0);
            Assert.Equal(("0.00", ""), (origin["BilledCost"], origin["AllocatedResourceId"]));
            var cost = lines.Where(line => (string)line["pool"]! == pool.Key)
                .Sum(line => Parsed((string)line["amount"]!["amount"]!));
            Assert.Equal(cost, pool.Sum(row => Parsed(row["BilledCost"])));
            Assert.InRange(pool.Where(row => row != origin).Sum(Ratio), 1m - 1e-14m, 1m + 1e-14m);
        }

        var direct = rows.Single(row => row["AllocatedTags"].Contains("ACME", StringComparison.Ordinal));
        Assert.Equal(("assigned", "5.00"), (direct["AllocatedMethodId"], direct["EffectiveCost"]));
        var shared = rows.Single(row => row["AllocatedResourceId"] == _month.Research);
        Assert.Equal("direct/usage", shared["AllocatedMethodId"]);
        var element = JsonNode.Parse(shared["AllocatedMethodDetails"])!["Elements"]![0]!;
        Assert.Equal(("GB-month", 2m), ((string)element["UsageUnit"]!, (decimal)element["UsageQuantity"]!));
        Assert.Equal("2026-09-30T22:00:00Z", shared["ChargePeriodStart"]);

        var read = (await _mesh.Provider.PostCsv("cost-imports/dry-run", file)).Is(200);
        Assert.Equal((rows.Count, 0), ((int)read["rowsRead"], (int)read["rowsRejected"]));
        Assert.Equal("135", (string)read["total"]["amount"]!);
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private Task<ApiAnswer> TakeOver(string month, params (string Kind, string Code, string Amount)[] balances) =>
        Post(Balances(month, "USD", balances));

    private Task<ApiAnswer> Post(object body) =>
        _controller.Post("journal/opening-balances", body, ApiClient.NewKey());

    private static object Balances(
        string month, string currency, params (string Kind, string Code, string Amount)[] balances) => new
        {
            month,
            description = "Books until August;  taken over",
            balances = balances.Select(balance => new
            {
                kind = balance.Kind,
                code = balance.Code,
                amount = new { amount = balance.Amount, currency },
            }),
        };

    private async Task<ApiAnswer> Transaction(string id) =>
        (await _mesh.Provider.Get($"journal/transactions/{id}")).Is(200);

    private async Task<ApiAnswer> Balance(string month) =>
        (await _mesh.Provider.Get($"journal/trial-balance?month={month}")).Is(200);

    private static string? Of(ApiAnswer balance, string code, string? member)
    {
        var account = balance["accounts"].AsArray().Single(account => (string)account!["code"]! == code)!;
        return member is null ? (string?)account["erpAccount"] : (string?)account[member]!["amount"];
    }

    /// <summary>As hledger shows them: without accounts that have nothing.</summary>
    private async Task<IEnumerable<string>> Ours(string month, string member) =>
        (await Balance(month))["accounts"].AsArray()
            .Where(account => (string)account![member]!["amount"]! != "0.00")
            .Select(account => $"{account!["kind"]}:{account["code"]} {account[member]!["amount"]}")
            .Order();

    private async Task<string> File(string name)
    {
        using var http = _mesh.RawClient(_mesh.Issuer.Provider());
        return await http.GetStringAsync(new Uri($"/internal/v1/journal/{name}", UriKind.Relative));
    }

    private static List<Dictionary<string, string>> Rows(string csv)
    {
        using var reader = new CsvReader(new StringReader(csv), CultureInfo.InvariantCulture);
        reader.Read();
        reader.ReadHeader();
        var rows = new List<Dictionary<string, string>>();
        while (reader.Read()) rows.Add(reader.HeaderRecord!.ToDictionary(column => column, column => reader[column]!));
        return rows;
    }

    private static string Sum(IEnumerable<Dictionary<string, string>> rows, string column) => rows
        .Sum(row => row[column].Length == 0 ? 0 : Parsed(row[column]))
        .ToString("F2", CultureInfo.InvariantCulture);

    private static decimal Ratio(Dictionary<string, string> row) =>
        (decimal)JsonNode.Parse(row["AllocatedMethodDetails"])!["Elements"]![0]!["AllocatedRatio"]!;

    private static decimal Parsed(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
