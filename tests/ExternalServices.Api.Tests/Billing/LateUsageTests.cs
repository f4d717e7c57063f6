using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace ExternalServices.Api.Tests.Billing;

/// <summary>Usage that comes, or is corrected, after its period was billed, to the finished invoice.</summary>
public sealed class LateUsageTests(MovableService service) : IClassFixture<MovableService>
{
    private static readonly DateTimeOffset November = new(2026, 11, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset December = new(2026, 12, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly object Tiers = new
    {
        code = "STORAGE",
        service = "STORAGE",
        description = "STORAGE used",
        price = new
        {
            model = "graduated",
            tiers = new[]
            {
                new { upTo = (string?)"500", unitPrice = "0.25" },
                new { upTo = (string?)null, unitPrice = "0.10" },
            },
        },
    };

    [Fact]
    public async Task What_comes_late_is_a_line_of_the_next_invoice_with_its_own_period()
    {
        var world = await Billed("adjustNext", "400");
        await world.Record(world.Usage("late", "2026-10-20T10:00:00Z", "200"));
        Assert.Equal(["late", ""], await Fate(world, "late"));
        Assert.Equal("0", (await world.Bill("2026-10")).Text("invoices"));

        var next = await BillNovember(world);
        Assert.Equal(
            [
                "charge BASE 2026-11-01..2026-12-01 100.00",
                "charge STORAGE 2026-11-01..2026-12-01 25.00",
                "lateUsage STORAGE 2026-10-01..2026-11-01 35.00",
            ],
            await Lines(next));
        Assert.Equal(["adjusted", $"{next.Text("number")} 3"], await Fate(world, "late"));
        Assert.Equal("0", (await world.Bill("2026-11")).Text("invoices"));
        await AssertBooked(world);
    }

    [Fact]
    public async Task A_void_and_a_replacement_are_taken_off_the_next_invoice()
    {
        var world = await Billed("adjustNext", "400", "100");
        await Void(world, "1");
        await world.Provider.Post(
            $"{EventPath(world, "2")}/replace",
            new
            {
                reason = "The meter counted twice",
                replacement = new
                {
                    source = "audit",
                    id = "2",
                    service = "STORAGE",
                    at = "2026-10-10T10:00:00Z",
                    quantity = "60",
                },
            },
            HttpStatusCode.OK,
            $"r-{world.Customer}");
        Assert.Equal(["void", ""], await Fate(world, "1"));

        var next = await BillNovember(world);
        Assert.Equal(
            [
                "charge BASE 2026-11-01..2026-12-01 100.00",
                "charge STORAGE 2026-11-01..2026-12-01 25.00",
                "lateUsage STORAGE 2026-10-01..2026-11-01 -110.00",
            ],
            await Lines(next));
        Assert.Equal(["void", $"{next.Text("number")} 3"], await Fate(world, "1"));
        Assert.Equal(["adjusted", $"{next.Text("number")} 3"], await Fate(world, "2", "audit"));
        await AssertBooked(world);
    }

    [Fact]
    public async Task What_one_invoice_cannot_carry_is_taken_off_the_following_ones()
    {
        var world = await Billed("adjustNext", "2000");
        await Void(world, "1");
        var next = await BillNovember(world);
        Assert.Equal(
            [
                "charge BASE 2026-11-01..2026-12-01 100.00",
                "charge STORAGE 2026-11-01..2026-12-01 25.00",
                "lateUsage STORAGE 2026-10-01..2026-11-01 -125.00",
            ],
            await Lines(next));
        service.Clock.Set(new DateTimeOffset(2027, 1, 2, 12, 0, 0, TimeSpan.Zero));
        await world.Bill("2026-12");
        service.Clock.Set(new DateTimeOffset(2027, 2, 2, 12, 0, 0, TimeSpan.Zero));
        await world.Bill("2027-01");
        var all = await All(world);
        Assert.Equal(4, all.Count);
        Assert.Equal("lateUsage STORAGE 2026-10-01..2026-11-01 -100.00", (await Lines(all[2]))[^1]);
        Assert.Equal(
            ["charge BASE 2027-01-01..2027-02-01 100.00", "charge STORAGE 2027-01-01..2027-02-01 0.00",
                "lateUsage STORAGE 2026-10-01..2026-11-01 -50.00"],
            await Lines(all[3]));
    }

    [Fact]
    public async Task A_debit_note_bills_what_comes_late_alone_and_at_once()
    {
        var world = await Billed("debitNote", "400");
        await world.Record(world.Usage("late", "2026-10-20T10:00:00Z", "40"));
        Assert.Equal("1", (await world.Bill("2026-10")).Text("invoices"));
        var all = await All(world);
        Assert.Equal([false, true], all.Select(invoice => invoice["isDebitNote"]!.GetValue<bool>()));
        Assert.Equal(["lateUsage STORAGE 2026-10-01..2026-11-01 10.00"], await Lines(all[1]));
        Assert.Equal(["383", $"{all[0].Text("number")}"], await TypeAndReference(all[1]));
        Assert.Equal(["380"], await TypeAndReference(all[0]));
        var printed = await Given(all[1], "text/html");
        string[] told = ["Nota de débito", all[1].Text("number"), all[0].Text("number")];
        Assert.All(told, text => Assert.Contains(text, printed));
        Assert.Equal(["adjusted", $"{all[1].Text("number")} 1"], await Fate(world, "late"));

        await Void(world, "1");
        var next = await BillNovember(world);
        Assert.Equal("lateUsage STORAGE 2026-10-01..2026-11-01 -100.00", (await Lines(next))[^1]);
        Assert.Equal(3, (await All(world)).Count);
        await AssertBooked(world);
    }

    private async Task<string> Given(JsonNode invoice, string form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/external/v1/invoices/{invoice.Text("id")}");
        request.Headers.Accept.ParseAdd(form);
        using var answer = await service.Provider.Raw(request);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    private async Task<string[]> TypeAndReference(JsonNode invoice)
    {
        var ubl = System.Xml.Linq.XDocument.Parse(await Given(invoice, "application/xml")).Root!;
        Assert.Empty(Documents.UblRules.Broken(ubl));
        string[] told = ["InvoiceTypeCode", "InvoiceDocumentReference"];
        return
        [
            .. ubl.Descendants().Where(element => told.Contains(element.Name.LocalName))
                .Select(element => element.HasElements ? element.Elements().First().Value : element.Value),
        ];
    }

    [Fact]
    public async Task What_is_only_recorded_is_never_billed()
    {
        var world = await Billed("recordOnly", "400");
        await world.Record(world.Usage("late", "2026-10-20T10:00:00Z", "40"));
        await Void(world, "1");
        Assert.Equal(["recordedOnly", ""], await Fate(world, "late"));
        Assert.Equal(2, (await Lines(await BillNovember(world))).Count);
        Assert.Equal(["recordedOnly", ""], await Fate(world, "late"));
    }

    [Fact]
    public async Task What_a_contract_refuses_is_not_taken_and_what_was_taken_is_a_duplicate_still()
    {
        var world = await Billed("refuse", "400");
        var answer = await world.Record(
            world.Usage("late", "2026-10-20T10:00:00Z", "40"),
            world.Usage("1", "2026-10-10T10:00:00Z", "400"),
            world.Usage("1", "2026-10-10T10:00:00Z", "401"),
            world.Usage("early", "2026-11-01T10:00:00Z", "1"));
        Assert.Equal(
            ["rejected period-billed", "duplicate ", "conflict recorded-differently", "accepted "],
            answer["items"]!.AsArray().Select(item => $"{item!["result"]} {item!["code"]}"));
        var refused = await world.Provider.Post(
            $"{EventPath(world, "1")}/void", new { reason = "Wrong" }, HttpStatusCode.Conflict, $"v-{world.Customer}");
        Assert.Equal("period-billed", refused.Code());
        Assert.Equal(["billed", ""], await Fate(world, "1"));
    }

    [Fact]
    public async Task A_period_that_no_invoice_has_is_billed_by_the_next_one()
    {
        service.Clock.Set(November);
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await world.Sign("2026-10-01", null, World.PerUnit("STORAGE", "0.25"));
        Assert.Equal("0", (await world.Bill("2026-10")).Text("invoices"));
        await world.Record(world.Usage("late", "2026-10-20T10:00:00Z", "40"));
        Assert.Equal(["open", ""], await Fate(world, "late"));
        var next = await BillNovember(world);
        Assert.Equal(
            ["charge STORAGE 2026-10-01..2026-11-01 10.00", "charge STORAGE 2026-11-01..2026-12-01 25.00"],
            (await Lines(next)).Order());
        Assert.Equal("billed", (await Fate(world, "late"))[0]);
    }

    [Fact]
    public async Task A_commitment_is_trued_up_again_by_what_comes_late_and_by_what_is_taken_out()
    {
        service.Clock.Set(November);
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await world.Publish(
            world.Plan,
            [World.Flat("BASE", "100.00", "inAdvance"), World.PerUnit("STORAGE", "0.25")],
            commitments: new
            {
                code = "MIN",
                service = "STORAGE",
                description = "At least",
                amount = "200.00",
                scope = new[] { "STORAGE" },
            });
        await world.SignOn(world.Plan, world.Contract, "2026-10-01");
        await world.Record(world.Usage("1", "2026-10-10T10:00:00Z", "400"));
        await world.Bill("2026-10");
        Assert.Contains("trueUp MIN 2026-10-01..2026-11-01 100.00", await Lines((await All(world))[0]));

        await world.Record(world.Usage("late", "2026-10-20T10:00:00Z", "600"));
        var next = await BillNovember(world);
        Assert.Equal(
            ["lateUsage STORAGE 2026-10-01..2026-11-01 150.00", "trueUp MIN 2026-10-01..2026-11-01 -100.00",
                "trueUp MIN 2026-11-01..2026-12-01 175.00"],
            (await Lines(next)).Skip(2).Order());

        await Void(world, "late");
        service.Clock.Set(new DateTimeOffset(2027, 1, 2, 12, 0, 0, TimeSpan.Zero));
        await world.Record(world.Usage("december", "2026-12-10T10:00:00Z", "800"));
        await world.Bill("2026-12");
        Assert.Equal(
            ["lateUsage STORAGE 2026-10-01..2026-11-01 -150.00", "trueUp MIN 2026-10-01..2026-11-01 100.00"],
            (await Lines((await All(world))[2])).Skip(2).Order());
        await AssertBooked(world);
    }

    [Fact]
    public async Task An_earlier_level_that_comes_late_changes_every_period_in_which_it_stood()
    {
        service.Clock.Set(November);
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await world.Sign("2026-09-01", null, World.Flat("BASE", "100.00", "inAdvance"), new
        {
            code = "STORAGE",
            service = "STORAGE",
            description = "Level",
            price = new { model = "perUnit", unitPrice = "1.00" },
            meter = new { aggregation = "last" },
        });
        await world.Record(world.Usage("1", "2026-09-05T10:00:00Z", "10"));
        await world.Bill("2026-09");
        await world.Bill("2026-10");
        await world.Record(world.Usage("late", "2026-09-06T10:00:00Z", "30"));
        service.Clock.Set(December);
        await world.Bill("2026-11");
        Assert.Equal(
            [
                "charge BASE 2026-11-01..2026-12-01 100.00",
                "charge STORAGE 2026-11-01..2026-12-01 30.00",
                "lateUsage STORAGE 2026-09-01..2026-10-01 20.00",
                "lateUsage STORAGE 2026-10-01..2026-11-01 20.00",
            ],
            await Lines((await All(world))[^1]));
    }

    [Fact]
    public async Task What_was_adjusted_and_then_cancelled_is_billed_again_once()
    {
        var world = await Billed("adjustNext", "400");
        await world.Record(world.Usage("late", "2026-10-20T10:00:00Z", "40"));
        await BillNovember(world);
        await world.Act(
            (await All(world))[0],
            "cancel",
            new { reason = "Wrong address", billAgain = true },
            HttpStatusCode.Created);
        await world.Bill("2026-10");
        Assert.Equal(
            ["charge BASE 2026-10-01..2026-11-01 100.00", "lateUsage STORAGE 2026-10-01..2026-11-01 100.00"],
            await Lines((await All(world))[^1]));
        Assert.Equal("0", (await world.Bill("2026-10")).Text("invoices"));
    }

    [Fact]
    public async Task A_draft_that_a_later_invoice_adjusts_is_not_deleted()
    {
        service.Clock.Set(November);
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await world.Sign("2026-10-01");
        await world.Record(world.Usage("1", "2026-10-10T10:00:00Z", "400"));
        await world.Bill("2026-10", finalize: false);
        Assert.Equal("drafted", (await Fate(world, "1"))[0]);
        await world.Record(world.Usage("late", "2026-10-20T10:00:00Z", "40"));
        await BillNovember(world);
        var draft = (await All(world))[0].Text("id");
        var problem = await world.Provider.Delete($"/external/v1/invoices/{draft}", "\"1\"", HttpStatusCode.Conflict);
        Assert.Equal("draft-adjusted", problem.Code());
    }

    /// <summary>October is billed with a fee of 100.00 and graduated usage, of one event per quantity.</summary>
    private async Task<World> Billed(string lateUsage, params string[] quantities)
    {
        service.Clock.Set(November);
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await world.Publish(world.Plan, [World.Flat("BASE", "100.00", "inAdvance"), Tiers]);
        await world.SignOn(world.Plan, world.Contract, "2026-10-01", lateUsage: lateUsage);
        await world.Record(
            [.. quantities.Select((each, i) => world.Usage($"{i + 1}", "2026-10-10T10:00:00Z", each))]);
        await world.Bill("2026-10");
        return world;
    }

    private async Task<JsonNode> BillNovember(World world)
    {
        service.Clock.Set(December);
        await world.Record(world.Usage("november", "2026-11-10T10:00:00Z", "100"));
        await world.Bill("2026-11");
        return (await All(world))[^1];
    }

    private static Task<JsonNode> Void(World world, string id) => world.Provider.Post(
        $"{EventPath(world, id)}/void", new { reason = "Counted twice" }, key: $"v-{world.Customer}-{World.Next()}",
        expected: HttpStatusCode.OK);

    private static string EventPath(World world, string id, string source = "meter") =>
        $"/external/v1/usage-events/{world.Customer}/{source}/{id}";

    private static async Task<string[]> Fate(World world, string id, string source = "meter")
    {
        var read = await world.Provider.Get(EventPath(world, id, source));
        var adjustment = read["adjustment"];
        return [read.Text("fate"), adjustment is null ? "" : $"{adjustment["number"]} {adjustment["line"]}"];
    }

    private static async Task<List<JsonNode>> All(World world)
    {
        var all = new List<JsonNode>();
        foreach (var summary in await world.Invoices())
        {
            all.Add(await world.Provider.Get($"/external/v1/invoices/{summary!.Text("id")}"));
        }

        return all;
    }

    /// <summary>Each recomputes to what it says.</summary>
    private async Task<List<string>> Lines(JsonNode invoice)
    {
        var lines = new List<string>();
        foreach (var line in invoice["lines"]!.AsArray().OfType<JsonNode>())
        {
            var explained = await service.Provider.Get(
                $"/external/v1/invoices/{invoice.Text("id")}/lines/{line.Text("number")}/explanation");
            Assert.True(explained["isEqual"]!.GetValue<bool>(), explained.ToJsonString());
            lines.Add($"{line["kind"]} {line["charge"]} {line["from"]}..{line["to"]} {line.Text("net.amount")}");
        }

        return lines;
    }

    /// <summary>The books have every invoice with its tax, and sum to nothing.</summary>
    private static async Task AssertBooked(World world)
    {
        var accounts = (await world.Provider.Get($"/external/v1/ledger/trial-balance?legalEntity={world.Entity}"))
            ["accounts"]!.AsArray().ToDictionary(each => each!.Text("account"), each => Amount(each!, "balance"));
        var invoices = await All(world);
        Assert.Equal(invoices.Sum(each => Amount(each, "gross")), accounts["receivables"]);
        Assert.Equal(-invoices.Sum(each => Amount(each, "tax")), accounts["tax"]);
        Assert.Equal(0, accounts.Values.Sum());
        foreach (var invoice in invoices)
        {
            Assert.Equal(
                Amount(invoice, "net"), invoice["lines"]!.AsArray().Sum(line => Amount(line!, "net")));
        }
    }

    private static decimal Amount(JsonNode node, string name) =>
        decimal.Parse(node.Text($"{name}.amount"), CultureInfo.InvariantCulture);
}
