using System.Globalization;
using System.Text;
using Testing;

namespace InternalServices.Api.Tests;

public sealed class CostImportTests(InternalServicesFixture mesh) : IClassFixture<InternalServicesFixture>
{
    private readonly Organisation _organisation = new(mesh.Provider);

    [Fact]
    public async Task Rows_find_their_pool_and_bearer_by_the_first_rule_that_says_so()
    {
        var (compute, storage) = (await _organisation.Pool(), await _organisation.Pool());
        var sales = await _organisation.Department();
        await Rules(
            Rule("compute", new { serviceCategory = "Compute" }, compute),
            Rule("storage", new { serviceCategory = "Storage" }, storage),
            Rule("sales", new { tags = new[] { new { key = "business_unit", value = "Sales" } } }, department: sales),
            Rule("acme", new { tags = new[] { new { key = "business_unit", value = "Acme" } } }, customer: "ACME"),
            Rule("rest", new { serviceCategory = "Compute" }, shared: true));

        var import = (await Import(new FocusCsv()
            .Row("0.0000000001").Row("0.1", unit: "Sales").Row("-0.05", unit: "Sales", charge: "Credit")
            .Row("2", unit: "Acme").Row("4", "Storage").Row("8", "Networking", unit: "Sales"))).Is(201);

        Assert.Equal("14.0500000001", (string)import["total"]["amount"]!);
        Assert.Equal((6, 6, 0), Counts(import));
        Assert.Equal(
            [
                ("0.0000000001", null, null, "actual", 1),
                ("0.1", sales, null, "actual", 1),
                ("-0.05", sales, null, "credit", 1),
                ("2", null, "ACME", "actual", 1),
            ],
            await Entries(compute, import));
        Assert.Equal([("4", "UNALLOCATED", null, "actual", 1)], await Entries(storage, import));
        Assert.Equal([("8", "UNALLOCATED", null, "actual", 1)], await Entries("UNMAPPED", import));
    }

    [Fact]
    public async Task A_broken_row_is_reported_with_its_line_and_the_rest_is_imported()
    {
        var csv = new FocusCsv()
            .Row("1")
            .Row("one")
            .Line("\"two\nlines\",account")
            .Row("2", start: "2026-13-01 00:00:00")
            .Row("4", currency: "EUR")
            .Row("8");

        var import = (await Import(csv)).Is(201);

        Assert.Equal((6, 2, 4), Counts(import));
        Assert.Equal("9", (string)import["total"]["amount"]!);
        Assert.Equal(
            [
                (3, "BilledCost", "not-a-decimal"),
                (4, null, "cell-count"),
                (6, "ChargePeriodStart", "not-an-instant"),
                (7, "BillingCurrency", "rate-missing"),
            ],
            import["rejections"].AsArray()
                .Select(row => ((int)row!["line"]!, (string?)row["column"], (string)row["code"]!)));

        var rejections = $"cost-imports/{import.Text("id")}/rejections";
        var first = (await mesh.Provider.Get($"{rejections}?limit=3")).Is(200);
        var rest = (await mesh.Provider.Get($"{rejections}?cursor={first.Text("next")}")).Is(200);
        Assert.Equal([3, 4, 6, 7], first.Items.Concat(rest.Items).Select(row => (int)row["line"]!));
    }

    [Fact]
    public async Task The_same_file_twice_changes_nothing()
    {
        var csv = new FocusCsv().Row("1.25", unit: Organisation.Code("TWICE"));

        var first = (await Import(csv)).Is(201);
        var second = (await Import(csv)).Is(200);

        Assert.Equal(first.Body.ToJsonString(), second.Body.ToJsonString());
        Assert.Equal($"/internal/v1/cost-imports/{first.Text("id")}", first.Location);
        var read = (await mesh.Provider.Get($"cost-imports/{first.Text("id")}")).Is(200);
        Assert.Equal(first.Body.ToJsonString(), read.Body.ToJsonString());
        var listed = await mesh.Provider.Get("cost-imports");
        Assert.Contains(first.Text("id"), listed.Items.Select(item => (string)item["id"]!));
    }

    [Fact]
    public async Task A_file_that_is_no_focus_file_is_refused_as_a_whole()
    {
        var latin = Encoding.Latin1.GetBytes(new FocusCsv().Row("1", category: "Cómputo").ToString());

        (await mesh.Provider.PostCsv("cost-imports", latin)).Refuses(422, "not-utf-8");
        byte[] utf16 = [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(FocusCsv.Header)];
        (await mesh.Provider.PostCsv("cost-imports", utf16)).Refuses(422, "not-utf-8");
        (await mesh.Provider.PostCsv("cost-imports", "")).Refuses(422, "column-missing");
        (await mesh.Provider.PostCsv("cost-imports", "1,account,USD\n")).Refuses(422, "column-missing");
        var costless = FocusCsv.Header.Replace("BilledCost,", "", StringComparison.Ordinal);
        (await mesh.Provider.PostCsv("cost-imports", costless))
            .Refuses(422, "column-missing").RefusesField("/BilledCost", "column-missing");
        (await mesh.Provider.PostCsv("cost-imports", $"{FocusCsv.Header},BilledCost\n"))
            .Refuses(422, "column-repeated");
        (await mesh.Provider.PostCsv("cost-imports", new FocusCsv().Line(new string('a', 300_000)).ToString()))
            .Refuses(422, "cell-too-long");
        (await mesh.Provider.PostJson("cost-imports", "[]")).Is(415);
        (await mesh.Department("ANY").PostCsv("cost-imports", FocusCsv.Header)).Is(403);
    }

    [Fact]
    public async Task A_byte_order_mark_and_windows_line_ends_are_welcome()
    {
        var csv = new FocusCsv().Row("3", unit: Organisation.Code("BOM")).ToString().ReplaceLineEndings("\r\n");
        Assert.Equal((1, 1, 0), Counts((await mesh.Provider.PostCsv("cost-imports", "\uFEFF" + csv)).Is(201)));
    }

    [Fact]
    public async Task A_file_with_nothing_but_broken_rows_beyond_measure_is_refused_and_leaves_nothing()
    {
        var csv = new FocusCsv();
        for (var i = 0; i <= 50_000; i++) csv.Line("broken");
        var before = await mesh.Scalar<long>("select count(*) from chargeback.cost_imports");

        (await Import(csv)).Refuses(422, "too-many-rejections");
        Assert.Equal(before, await mesh.Scalar<long>("select count(*) from chargeback.cost_imports"));
    }

    [Fact]
    public async Task Rules_are_replaced_as_a_whole_and_name_what_exists()
    {
        var pool = await _organisation.Pool();
        var etag = (await mesh.Provider.Get("mapping-rules")).Is(200).ETag;
        (await Replace(etag: null, Rule("one", new { }, pool))).Is(428);
        (await Replace(etag, Rule("one", new { }, "NONE"))).RefusesField("/rules/0/pool", "pool-not-found");
        (await Replace(etag, Rule("one", new { }, department: "NONE")))
            .RefusesField("/rules/0/assignee/code", "department-not-found");
        (await Replace(etag, Rule("one", new { }))).RefusesField("/rules/0", "decides-nothing");
        (await Replace(etag, Rule("one", new { }, pool), Rule("one", new { }, pool)))
            .RefusesField("/rules/1/code", "code-repeated");

        var replaced = (await Replace(etag, Rule("one", new { }, pool))).Is(200);
        Assert.NotEqual(etag, replaced.ETag);
        (await Replace(etag)).Refuses(412, "changed-meanwhile");
    }

    [Fact]
    public async Task The_real_sample_is_imported_to_its_last_decimal()
    {
        var sample = Repository.PathOf("..", "shared", "data", "focus-sample.csv");
        Assert.SkipUnless(File.Exists(sample), $"The sample is not here: {sample}");

        var import = (await mesh.Provider.PostCsv("cost-imports", await File.ReadAllBytesAsync(sample))).Is(201);

        Assert.Equal((1000, 1000, 0), Counts(import));
        Assert.Equal("20.52022672899", (string)import["total"]["amount"]!);
        Assert.All(import["totals"].AsArray(), total => Assert.Equal("2024-09", (string)total!["month"]!));
    }

    private Task<ApiAnswer> Import(FocusCsv csv) => mesh.Provider.PostCsv("cost-imports", csv.ToString());

    private async Task Rules(params object[] rules) =>
        (await Replace((await mesh.Provider.Get("mapping-rules")).ETag, rules)).Is(200);

    private Task<ApiAnswer> Replace(string? etag, params object[] rules) =>
        mesh.Provider.Put("mapping-rules", new { rules }, etag);

    private async Task<(string Amount, string? Department, string? Customer, string Kind, int Rows)[]> Entries(
        string pool, ApiAnswer import) =>
    [
        .. (await mesh.Provider.List($"cost-pools/{pool}/entries?month=2026-10"))
            .Where(entry => (string?)entry["importId"] == import.Text("id"))
            .OrderBy(entry => int.Parse(((string)entry["reference"]!).Split('/')[1], CultureInfo.InvariantCulture))
            .Select(entry => (
                (string)entry["amount"]!["amount"]!,
                (string?)entry["department"],
                (string?)entry["customer"],
                (string)entry["kind"]!,
                (int)entry["rows"]!)),
    ];

    private static (int Read, int Imported, int Rejected) Counts(ApiAnswer import) =>
        ((int)import["rowsRead"], (int)import["rowsImported"], (int)import["rowsRejected"]);

    private static object Rule(
        string code,
        object when,
        string? pool = null,
        string? department = null,
        string? customer = null,
        bool shared = false)
    {
        object? assignee = department is not null ? new { kind = "department", code = department }
            : customer is not null ? new { kind = "customer", code = customer }
            : shared ? new { kind = "shared" }
            : null;
        return new { code, when, pool, assignee };
    }
}
