using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace InternalServices.Api.Tests;

/// <summary>What comes packed, in another currency, again, corrected, or by mistake.</summary>
public sealed class CostImportCorrectionTests(InternalServicesFixture mesh) : IClassFixture<InternalServicesFixture>
{
    private readonly string _account = Organisation.Code("ACCOUNT");

    private FocusCsv File => new() { Account = _account };

    [Theory]
    [InlineData("text/csv", "gzip")]
    [InlineData("application/gzip", null)]
    [InlineData("text/csv", null)]
    public async Task A_packed_file_is_the_file_that_it_packs(string mediaType, string? coding)
    {
        var csv = File.Row("1.5").Row("2").ToString();
        var import = (await mesh.Provider.PostPacked("cost-imports", Pack(csv), mediaType, coding)).Is(201);

        Assert.Equal("3.5", (string)import["total"]["amount"]!);
        Assert.Equal(import.Text("id"), (await mesh.Provider.PostCsv("cost-imports", csv)).Is(200).Text("id"));
    }

    [Fact]
    public async Task Parts_that_were_packed_one_after_the_other_are_one_file()
    {
        var half = File.Row("1").ToString();
        byte[] packed = [.. Pack(half), .. Pack(half.Split('\n')[1] + "\n")];
        var import = (await mesh.Provider.PostPacked("cost-imports", packed, "application/gzip")).Is(201);
        Assert.Equal("2", (string)import["total"]["amount"]!);
    }

    [Fact]
    public async Task What_cannot_be_unpacked_is_refused_and_leaves_nothing()
    {
        var packed = Pack(File.Row("1").Row("2").ToString());
        var broken = packed.ToArray();
        broken[packed.Length / 2] ^= 0xff;
        var before = await mesh.Scalar<long>("select count(*) from chargeback.cost_imports");

        (await mesh.Provider.PostPacked("cost-imports", packed[..^9], "application/gzip")).Refuses(422, "not-gzip");
        (await mesh.Provider.PostPacked("cost-imports", broken, "application/gzip")).Refuses(422, "not-gzip");
        (await mesh.Provider.PostPacked("cost-imports", Encoding.UTF8.GetBytes(FocusCsv.Header), "text/csv", "gzip"))
            .Refuses(422, "not-gzip");
        (await mesh.Provider.PostPacked("cost-imports", packed, "text/csv", "br"))
            .Refuses(415, "unsupported-media-type");
        Assert.Equal(before, await mesh.Scalar<long>("select count(*) from chargeback.cost_imports"));
    }

    [Fact]
    public async Task A_line_without_end_is_refused()
    {
        var endless = FocusCsv.Header + "\n" + string.Concat(Enumerable.Repeat("abcdefgh,", 1_000_000));
        (await mesh.Provider.PostCsv("cost-imports", endless)).Refuses(422, "line-too-long");
    }

    [Theory]
    [InlineData("", "1.0")]
    [InlineData("ServiceSubcategory", "1.1")]
    [InlineData("ServiceSubcategory,InvoiceId", "1.2")]
    [InlineData("PricingCurrency", "1.2")]
    public async Task The_versions_are_told_apart_by_their_columns(string added, string version)
    {
        var more = added.Length == 0 ? "" : "," + added;
        var cells = more.Replace("ServiceSubcategory", "Virtual Machines", StringComparison.Ordinal);
        var row = File.Row("1").ToString().Split('\n')[1];
        var import = (await mesh.Provider.PostCsv("cost-imports", $"{FocusCsv.Header}{more}\n{row}{cells}\n")).Is(201);
        Assert.Equal(version, import.Text("focusVersion"));
        Assert.Equal(1, (int)import["rowsImported"]);
    }

    [Fact]
    public async Task A_corrected_file_replaces_its_account_and_period_and_nothing_else()
    {
        var first = (await Import(File.Row("10", unit: "a").Row("5", category: "Storage"))).Is(201);
        var other = (await Import(new FocusCsv { Account = Organisation.Code("OTHER") }.Row("7"))).Is(201);
        var corrected = (await Import(File.Row("11", unit: "a"))).Is(201);

        Assert.Equal("replaced", (await Read(first)).Text("state"));
        Assert.Equal(corrected.Text("id"), (string)(await Read(first))["scopes"][0]!["replacedBy"]!);
        Assert.Equal("standing", (await Read(other)).Text("state"));
        Assert.Equal("standing", (await Read(corrected)).Text("state"));
        Assert.Equal("15", (string)(await Read(first))["total"]["amount"]!);
        Assert.Equal(11m, await Standing(first) + await Standing(corrected));
        Assert.Equal(7m, await Standing(other));

        // The first file, when it comes late once more, does not undo its correction.
        var late = (await Import(File.Row("10", unit: "a").Row("5", category: "Storage"))).Is(200);
        Assert.Equal(first.Text("id"), late.Text("id"));
        Assert.Equal(11m, await Standing(first) + await Standing(corrected));
    }

    [Fact]
    public async Task A_supplement_adds_to_what_stands()
    {
        var first = (await Import(File.Row("10"))).Is(201);
        var second = (await mesh.Provider.PostCsv("cost-imports?supplement=true", File.Row("1").ToString())).Is(201);

        Assert.Equal((10m, 1m), (await Standing(first), await Standing(second)));
        var whole = (await Import(File.Row("12"))).Is(201);
        Assert.Equal((0m, 0m, 12m), (await Standing(first), await Standing(second), await Standing(whole)));
    }

    [Fact]
    public async Task An_import_is_reversed_once_and_its_file_can_come_again()
    {
        var csv = File.Row("10").Row("-3", charge: "Credit");
        var import = (await Import(csv)).Is(201);
        var path = $"cost-imports/{import.Text("id")}/reverse";

        (await mesh.Provider.Post(path)).Refuses(400, "idempotency-key-required");
        var reversed = (await mesh.Provider.Post(path, key: ApiClient.NewKey())).Is(200);
        Assert.Equal("reversed", reversed.Text("state"));
        Assert.Equal("7", (string)reversed["total"]["amount"]!);
        Assert.Equal(0m, await Standing(import));
        Assert.Equal(0L, await mesh.Scalar<long>(
            $"select sum(rows)::bigint from chargeback.cost_entries where import_id = '{import.Text("id")}'"));
        (await mesh.Provider.Post(path, key: ApiClient.NewKey())).Refuses(409, "import-not-standing");
        (await mesh.Provider.Post($"cost-imports/{Guid.Empty}/reverse", key: ApiClient.NewKey()))
            .Refuses(404, "cost-import-not-found");

        var again = (await Import(csv)).Is(201);
        Assert.NotEqual(import.Text("id"), again.Text("id"));
        Assert.Equal(7m, await Standing(again));
    }

    [Fact]
    public async Task A_run_sees_nothing_of_what_was_taken_back()
    {
        var import = (await Import(File.Row("10", start: "2025-03-03 10:00:00"))).Is(201);
        (await mesh.Provider.Post($"cost-imports/{import.Text("id")}/reverse", key: ApiClient.NewKey())).Is(200);
        var consumers = new[] { new { department = "UNALLOCATED", quantity = "100" } };
        var rules = new[] { new { pool = "UNMAPPED", driver = new { kind = "fixedPercent", consumers } } };
        (await mesh.Provider.Post("rule-sets", new { method = "direct", rules })).Is(201);

        var run = (await mesh.Provider.Post("runs", new { month = "2025-03" }, ApiClient.NewKey())).Is(201);
        var certificate = (await mesh.Provider.Get($"runs/{run.Text("id")}/certificate")).Is(200);
        Assert.Equal((0, 0), ((int)certificate["pools"], (int)certificate["entryRows"]));
    }

    [Fact]
    public async Task Files_that_correct_each_other_at_once_leave_one_standing()
    {
        var costs = Enumerable.Range(1, 6).ToArray();
        var imports = await Task.WhenAll(costs.Select(cost => Import(File.Row($"{cost}"))));

        Assert.All(imports, import => import.Is(201));
        Assert.Equal(1L, await mesh.Scalar<long>($"""
            select count(*) from chargeback.cost_import_scopes
            where billing_account = '{_account}' and replaced_by is null
            """));
        var total = await mesh.Scalar<decimal>($"""
            select sum(entry.amount) from chargeback.cost_entries entry
            join chargeback.cost_import_scopes scope on scope.import_id = entry.import_id
            where scope.billing_account = '{_account}'
            """);
        Assert.Contains((int)total, costs);
    }

    [Fact]
    public async Task Costs_in_another_currency_are_converted_at_the_rate_of_their_months_last_day()
    {
        foreach (var (day, rate) in new[] { ("2026-09-01", "1.10"), ("2026-10-31", "1.25"), ("2026-11-01", "9") })
        {
            (await mesh.Provider.Post("exchange-rates", new { currency = "CHF", day, rate })).Is(201);
        }

        var import = (await Import(File
            .Row("100.01", currency: "CHF")
            .Row("1", currency: "USD")
            .Row("8", currency: "CHF", start: "2026-09-30 23:59:59")))
            .Is(201);

        Assert.Equal("134.8125", (string)import["total"]["amount"]!);
        Assert.Equal(
            [("2026-09", "8", "2026-09-01", "1.1", "8.8"), ("2026-10", "100.01", "2026-10-31", "1.25", "125.0125")],
            import["conversions"].AsArray().Select(conversion => (
                (string)conversion!["originMonth"]!,
                (string)conversion["original"]!["amount"]!,
                (string)conversion["rateDay"]!,
                (string)conversion["rate"]!,
                (string)conversion["amount"]!["amount"]!)));
        // Other tests change the mapping rules meanwhile, so the pool is the one that the import names.
        var pool = (string)import["totals"].AsArray().First(total => (string)total!["month"]! == "2026-10")!["pool"]!;
        var entry = Assert.Single(
            await mesh.Provider.List($"cost-pools/{pool}/entries?month=2026-10"),
            item => (string?)item["importId"] == import.Text("id") && item["original"] is not null);
        Assert.Equal(
            """{"amount":{"amount":"100.01","currency":"CHF"},"rateDay":"2026-10-31","rate":"1.25"}""",
            entry["original"]!.ToJsonString());
    }

    [Fact]
    public async Task A_rate_is_recorded_once_and_for_another_currency_than_the_books()
    {
        var krona = new { currency = "SEK", day = "2026-10-01", rate = "0.1" };
        (await mesh.Provider.Post("exchange-rates", krona)).Is(201);
        (await mesh.Provider.Post("exchange-rates", krona with { rate = "0.2" }))
            .Refuses(409, "exchange-rate-exists");
        (await mesh.Provider.Post("exchange-rates", new { currency = "USD", day = "2026-10-01", rate = "1" }))
            .RefusesField("/currency", "own-currency");
        foreach (var rate in new[] { "0", "-1", "0.0000000000001" })
        {
            (await mesh.Provider.Post("exchange-rates", new { currency = "NOK", day = "2026-10-01", rate }))
                .RefusesField("/rate", "out-of-range");
        }

        var listed = (await mesh.Provider.Get("exchange-rates?currency=SEK")).Is(200).Items;
        Assert.Equal("0.1", (string)Assert.Single(listed)["rate"]!);
    }

    [Fact]
    public async Task A_dry_run_shows_what_each_rule_catches_and_what_none_does_and_stores_nothing()
    {
        var organisation = new Organisation(mesh.Provider);
        var (pool, sales) = (await organisation.Pool(), await organisation.Department());
        (await mesh.Provider.Put(
            "mapping-rules",
            new
            {
                rules = new object[]
                {
                    new { code = "first", when = new { serviceCategory = "Compute" }, pool },
                    new { code = "later", when = new { serviceCategory = "Compute" }, pool = "UNMAPPED" },
                    new
                    {
                        code = "sales",
                        when = new { tags = new[] { new { key = "business_unit", value = "Sales" } } },
                        assignee = new { kind = "department", code = sales },
                    },
                },
            },
            (await mesh.Provider.Get("mapping-rules")).ETag)).Is(200);
        var standing = (await Import(File.Row("100"))).Is(201);
        var before = await mesh.Scalar<long>("select count(*) from chargeback.cost_entries");

        var tried = (await mesh.Provider.PostCsv(
            "cost-imports/dry-run",
            File.Row("1", unit: "Sales").Row("2").Row("4", "Networking").Row("8", "Networking", unit: "Sales")
                .Row("16", "Storage").Row("broken").ToString())).Is(200);

        Assert.Equal(
            [("first", "2/3", "-"), ("later", "0/0", "-"), ("sales", "-", "1/1")],
            tried["rules"].AsArray().Select(
                rule => ((string)rule!["code"]!, Shown(rule["pool"]), Shown(rule["assignee"]))));
        Assert.Equal(("3/28", "1/2"), (Shown(tried["unmapped"]), Shown(tried["unassigned"])));
        Assert.Equal("31", (string)tried["total"]["amount"]!);
        Assert.Equal(
            [("Storage", "1/16"), ("Networking", "2/12")],
            tried["unmappedKinds"].AsArray().Select(kind => ((string)kind!["serviceCategory"]!, Shown(kind))));
        Assert.Equal([standing.Text("id")], tried["replaces"].AsArray().Select(id => (string)id!));
        Assert.Equal((6, 1), ((int)tried["rowsRead"], (int)tried["rowsRejected"]));
        Assert.Equal(before, await mesh.Scalar<long>("select count(*) from chargeback.cost_entries"));
        Assert.Equal("standing", (await Read(standing)).Text("state"));
    }

    private Task<ApiAnswer> Import(FocusCsv csv) => mesh.Provider.PostCsv("cost-imports", csv.ToString());

    private async Task<ApiAnswer> Read(ApiAnswer import) =>
        (await mesh.Provider.Get($"cost-imports/{import.Text("id")}")).Is(200);

    /// <summary>What is left of it in the books.</summary>
    private Task<decimal> Standing(ApiAnswer import) => mesh.Scalar<decimal>(
        $"select coalesce(sum(amount), 0) from chargeback.cost_entries where import_id = '{import.Text("id")}'");

    private static string Shown(JsonNode? caught) =>
        caught is null ? "-" : $"{caught["rows"]}/{caught["amount"]!["amount"]}";

    private static byte[] Pack(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }
}
