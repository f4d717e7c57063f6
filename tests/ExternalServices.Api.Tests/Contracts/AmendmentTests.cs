namespace ExternalServices.Api.Tests.Contracts;

/// <summary>
/// What is signed on a contract later, on 2026-11-20: the preview first, the signature, and the invoice that follows.
/// The contract began on the 31st, so that its periods begin on 10-31, 11-30 and 12-31.
/// </summary>
public sealed class AmendmentTests(MovableService service) : IClassFixture<MovableService>
{
    private static readonly DateTimeOffset Signing = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = new(2026, 12, 5, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Operation, body, lines of the preview, all other lines of the next invoice.</summary>
    public static TheoryData<string, string, string[], string[]> Amendments => new()
    {
        {
            "changes", """{"on":"2026-11-16","planVersion":2}""",
            ["changeCredit BASE 2026-11-16..2026-11-30 -144.67", "changeCharge BASE 2026-11-16..2026-11-30 289.33"],
            ["BASE 2026-11-30..2026-12-31 620.00", "STORAGE 2026-10-31..2026-11-16 200.00",
                "STORAGE 2026-11-16..2026-11-30 20.00"]
        },
        {
            "changes", """{"on":"2026-11-16","planVersion":3}""",
            ["changeCredit BASE 2026-11-16..2026-11-30 -144.67", "changeCharge BASE 2026-11-16..2026-11-30 72.33"],
            ["BASE 2026-11-30..2026-12-31 155.00", "STORAGE 2026-10-31..2026-11-30 250.00"]
        },
        {
            "changes", """{"on":"2026-11-16","overrides":[{"charge":"BASE","quantity":"3"}]}""",
            ["changeCredit BASE 2026-11-16..2026-11-30 -144.67", "changeCharge BASE 2026-11-16..2026-11-30 434.00"],
            ["BASE 2026-11-30..2026-12-31 930.00", "STORAGE 2026-10-31..2026-11-30 250.00"]
        },
        {
            "changes", """{"on":"2026-11-30","planVersion":2}""",
            [],
            ["BASE 2026-11-30..2026-12-31 620.00", "STORAGE 2026-10-31..2026-11-30 250.00"]
        },
        {
            "changes", """{"on":"2026-10-31","planVersion":2}""",
            ["changeCredit BASE 2026-10-31..2026-11-30 -310.00", "changeCharge BASE 2026-10-31..2026-11-30 620.00"],
            ["BASE 2026-11-30..2026-12-31 620.00", "STORAGE 2026-10-31..2026-11-30 100.00"]
        },
        {
            "pause", """{"on":"2026-11-16"}""",
            ["changeCredit BASE 2026-11-16..2026-11-30 -144.67"],
            ["STORAGE 2026-10-31..2026-11-30 250.00"]
        },
        {
            "pause", """{"on":"2026-11-16","until":"2026-11-23"}""",
            ["changeCredit BASE 2026-11-16..2026-11-30 -144.67", "changeCharge BASE 2026-11-23..2026-11-30 72.33"],
            ["BASE 2026-11-30..2026-12-31 310.00", "STORAGE 2026-10-31..2026-11-30 250.00"]
        },
        {
            "cancel", """{"on":"2026-11-16","reason":"Moves on"}""",
            ["changeCredit BASE 2026-11-16..2026-11-30 -144.67"],
            ["STORAGE 2026-10-31..2026-11-16 200.00"]
        },
        { "cancel", """{"on":"2026-11-30"}""", [], ["STORAGE 2026-10-31..2026-11-30 250.00"] },
    };

    [Theory]
    [MemberData(nameof(Amendments))]
    public async Task What_is_billed_is_what_the_preview_said(
        string operation, string body, string[] preview, string[] others)
    {
        var contract = await Signed();
        await contract.Previews(operation, body, preview);
        await contract.Do(operation, body);

        await BilledLater(contract, preview, others);
    }

    [Fact]
    public async Task A_pause_ends_when_the_contract_is_resumed()
    {
        var contract = await Signed();
        await contract.Do("pause", """{"on":"2026-11-10"}""");
        Assert.Equal("paused", (await contract.Read()).Text("state"));
        string[] preview = ["changeCharge BASE 2026-11-16..2026-11-30 144.67"];
        await contract.Previews("resume", """{"on":"2026-11-16"}""", preview);
        await contract.Do("resume", """{"on":"2026-11-16"}""");
        Assert.Equal("active", (await contract.Read()).Text("state"));

        await BilledLater(
            contract,
            ["changeCredit BASE 2026-11-10..2026-11-30 -206.67", .. preview],
            ["BASE 2026-11-30..2026-12-31 310.00", "STORAGE 2026-10-31..2026-11-30 250.00"]);
    }

    [Fact]
    public async Task A_cancellation_that_is_taken_back_leaves_no_trace_in_the_money()
    {
        var contract = await Signed();
        var cancelled = await contract.Do("cancel", """{"on":"2026-11-25"}""");
        Assert.Equal(["2026-11-25", "active", "2"], new[] { "end", "state", "version" }.Select(cancelled.Text));
        string[] preview = ["changeCharge BASE 2026-11-25..2026-11-30 51.67"];
        await contract.Previews("renew", "{}", preview);
        Assert.Null((await contract.Do("renew", "{}"))["end"]);

        await BilledLater(
            contract,
            ["changeCredit BASE 2026-11-25..2026-11-30 -51.67", .. preview],
            ["BASE 2026-11-30..2026-12-31 310.00", "STORAGE 2026-10-31..2026-11-30 250.00"]);
    }

    [Fact]
    public async Task A_contract_with_an_end_is_billed_by_days_and_renewed_from_it_on()
    {
        var contract = await Signed("2026-11-25");
        await contract.Previews("renew", """{"until":"2027-11-25","planVersion":2}""", []);
        var renewed = await contract.Do("renew", """{"until":"2027-11-25","planVersion":2}""");
        Assert.Equal("2027-11-25", renewed.Text("end"));

        await BilledLater(
            contract,
            [],
            ["BASE 2026-11-25..2026-11-30 103.33", "BASE 2026-11-30..2026-12-31 620.00",
                "STORAGE 2026-10-31..2026-11-25 246.00", "STORAGE 2026-11-25..2026-11-30 1.60"],
            first: "BASE 2026-10-31..2026-11-25 258.33");
    }

    [Fact]
    public async Task Phases_are_billed_by_days_from_the_start()
    {
        var contract = await Signed(phases: """[{"from":"2026-11-16","planVersion":2},{"from":"2026-12-31"}]""");
        Assert.Equal("2", (await contract.Read()).Text("planVersion"));
        var world = contract.World;
        var changes = await service.As(world.Customer).Get($"/external/v1/contracts/{world.Contract}/changes");
        Assert.Equal(
            ["phase 2026-11-16", "phase 2026-12-31"],
            changes["items"]!.AsArray().Select(change => $"{change!.Text("kind")} {change!.Text("on")}"));

        await BilledLater(
            contract,
            [],
            ["BASE 2026-11-16..2026-11-30 289.33", "BASE 2026-11-30..2026-12-31 620.00",
                "STORAGE 2026-10-31..2026-11-16 200.00", "STORAGE 2026-11-16..2026-11-30 20.00"],
            first: "BASE 2026-10-31..2026-11-16 165.33");
    }

    [Fact]
    public async Task A_later_signature_replaces_what_was_signed_for_later_days_but_not_the_end()
    {
        var contract = await Signed("2026-12-15");
        await contract.Do("changes", """{"on":"2026-12-10","planVersion":2}""");
        var changed = await contract.Do("changes", """{"on":"2026-11-16","planVersion":3}""");
        Assert.Equal("2026-12-15", changed.Text("end"));
        await BilledLater(
            contract,
            ["changeCredit BASE 2026-11-16..2026-11-30 -144.67", "changeCharge BASE 2026-11-16..2026-11-30 72.33"],
            ["BASE 2026-11-30..2026-12-15 75.00", "STORAGE 2026-10-31..2026-11-30 250.00"]);
    }

    [Fact]
    public async Task Credits_wait_for_an_invoice_that_carries_them()
    {
        var contract = await Signed();
        await contract.Do("changes", """{"on":"2026-11-16","planVersion":3}""");
        var run = await contract.World.Bill("2026-11");
        Assert.Equal(["0", "1"], [run.Text("invoices"), run.Text("failures")]);
        var failures = await service.Provider.Get($"/external/v1/billing-runs/{run.Text("id")}/failures");
        Assert.Equal("credits-exceed-charges", failures.Text("items.0.code"));
    }

    /// <summary>The first period is billed; 800 units are used before 11-16, 184 before 11-25, 16 after it.</summary>
    private async Task<AmendedContract> Signed(string? end = null, string phases = "[]")
    {
        service.Clock.Set(Signing);
        var contract = await AmendedContract.Sign(service, "2026-10-31", end, phases);
        await contract.World.Record(
            contract.World.Usage("1", "2026-11-01T12:00:00Z", "800"),
            contract.World.Usage("2", "2026-11-17T12:00:00Z", "184"));
        await contract.World.Bill("2026-10");
        return contract;
    }

    /// <summary>The next invoice has the preview's lines and the others; each recomputes, and none follow.</summary>
    private async Task BilledLater(AmendedContract contract, string[] changed, string[] others, string? first = null)
    {
        service.Clock.Set(Later);
        var world = contract.World;
        await world.Record(world.Usage("3", "2026-11-26T12:00:00Z", "16"));
        await world.Bill("2026-11");
        var invoices = await world.Invoices();
        Assert.Equal(2, invoices.Count);
        Assert.Equal(
            [first ?? "BASE 2026-10-31..2026-11-30 310.00"], await contract.Lines(invoices[0]!, changed: false));
        Assert.Equal(changed, await contract.Lines(invoices[1]!, changed: true));
        Assert.Equal(others, await contract.Lines(invoices[1]!, changed: false));
        Assert.Equal("0", (await world.Bill("2026-11")).Text("invoices"));
    }
}
