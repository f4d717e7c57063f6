using Testing;

namespace InternalServices.Api.Tests;

/// <summary>September is disputed; October shows what came of it.</summary>
public sealed class DisputeTests : IAsyncLifetime
{
    private readonly InternalServicesFixture _mesh = new();
    private Month _september = null!;
    private Month _october = null!;
    private ApiClient _sales = null!;

    public async ValueTask InitializeAsync()
    {
        await _mesh.InitializeAsync();
        _october = await Month.SetUp(_mesh);
        _september = _october.In("2026-09");
        _sales = _mesh.Department(_october.Sales);
        await _september.Cost(_october.Support, EntryItem.Of(_september.At, "80.00"));
        await _september.Cost(_october.Support, EntryItem.Of(_september.At, "7.00", department: _october.Sales));
        await _september.CloseCompletely(0, 40);
    }

    [Fact]
    public async Task A_part_that_is_granted_is_borne_by_another_in_the_earliest_open_month()
    {
        var line = await Line("shared");
        var dispute = await Open(line, "30.00");
        Assert.Equal("disputed", await State());
        await Decide(dispute, "review");
        var accepted = (await Accept(dispute, _october.Research, "12.50")).Is(200);
        Assert.Equal(
            ("partiallyAccepted", "2026-10", "12.50"),
            (accepted.Text("state"), accepted.Text("bookedMonth"), (string)accepted["granted"]["amount"]!));
        Assert.Equal("settled", await State());

        await using var issued = await PublishedEvents.Of(_mesh.Vhost, "internal.statement-issued");
        await _october.CloseCompletely(0, 20);
        Assert.Equal(
            [("shared", "33.33", "2026-10"), ("shared", "15.00", "2026-10"), ("disputeCredit", "-12.50", "2026-09")],
            await Lines(_october, _october.Sales));
        Assert.Equal(
            [("shared", "66.67", "2026-10"), ("disputeCredit", "12.50", "2026-09")],
            await Lines(_october, _october.Research));
        Assert.Equal("35.83", (string)(await _october.Statement(_october.Sales))["statement"]["total"]!["amount"]!);
        Assert.True((bool)(await _mesh.Provider.Get("reconciliation/2026-10")).Is(200)["reconciled"]);
        var told = await Eventually.Gives(
            () => Task.FromResult(issued.Named("total").Where(sent => (string)sent["month"]! == "2026-10").ToArray()),
            sent => sent.Length == 2);
        Assert.Equal(["35.83", "79.17"], told.Select(sent => (string)sent["total"]!).Order());

        // What was issued stays as it was issued.
        Assert.Equal(
            [("shared", "40.00", "2026-09"), ("direct", "7.00", "2026-09")], await Lines(_september, _october.Sales));
    }

    [Fact]
    public async Task The_journal_moves_the_amount_and_names_both()
    {
        var dispute = await Open(await Line("shared"));
        await Decide(dispute, "review");
        (await Accept(dispute, "UNALLOCATED")).Is(200);

        var entries = (await _mesh.Provider.Get("journal?month=2026-10")).Is(200).Items;
        Assert.Equal(
            [("dispute", _october.Sales, "-40.00", "UNALLOCATED"), ("dispute", "UNALLOCATED", "40.00", _october.Sales)],
            entries.Select(entry => (
                (string)entry["kind"]!, (string)entry["code"]!, (string)entry["amount"]!["amount"]!,
                (string)entry["counterparty"]!)));
        Assert.All(entries, entry => Assert.Equal(dispute, (string)entry["disputeId"]!));
        var balance = (await _mesh.Provider.Get("journal/trial-balance?month=2026-10")).Is(200);
        Assert.Equal("0.00", (string)balance["difference"]["amount"]!);
    }

    [Fact]
    public async Task The_credit_is_explained_and_printed()
    {
        var dispute = await Open(await Line("shared"), "30.00");
        await Decide(dispute, "review");
        (await Accept(dispute, _october.Research)).Is(200);
        await _october.CloseCompletely(0, 20);

        var lines = (await _october.Statement(_october.Research))["lines"].AsArray();
        var credit = lines.Single(line => (string)line!["kind"]! == "disputeCredit")!;
        Assert.Equal(dispute, (string)credit["dispute"]!);
        var research = _mesh.Department(_october.Research);
        var explanation = (await research.Get($"statement-lines/{(string)credit["id"]!}/explanation")).Is(200);
        Assert.Equal(
            $"{_october.Research} bears 30.00 USD of Pool {_october.Support} in 2026-09 instead of {_october.Sales}, "
                + $"as was decided in dispute {dispute}: Looked into.",
            (string)Assert.Single(explanation["sentences"].AsArray())!);
        var page = await research.GetFile(
            $"statements/{await _october.StatementId(_october.Research)}", "text/html", "es");
        Assert.Contains($"Pool {_october.Support}, septiembre de 2026", page.Text, StringComparison.Ordinal);
        Assert.Contains("Reclamación resuelta", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_statement_is_settled_once_no_dispute_waits()
    {
        var (shared, direct) = (await Line("shared"), await Line("direct"));
        var (first, second) = (await Open(shared), await Open(direct));
        await Decide(first, "review");
        (await Reject(first)).Is(200);
        Assert.Equal("disputed", await State());
        (await _sales.Post($"disputes/{second}/withdraw")).Is(200);
        Assert.Equal("settled", await State());

        var late = (await Try(direct)).Refuses(409, "statement-state");
        Assert.Equal("settled", late.Text("state"));
        Assert.Empty(await _mesh.Provider.List("journal?month=2026-10"));
    }

    [Fact]
    public async Task What_is_not_allowed_says_what_is()
    {
        var (shared, direct) = (await Line("shared"), await Line("direct"));
        var open = await Open(shared);
        await Forbidden(open, ["review", "withdraw"], "accept", "reject");
        await Decide(open, "review");
        await Forbidden(open, ["accept", "reject", "withdraw"], "review");

        var withdrawn = await Open(direct);
        (await _sales.Post($"disputes/{withdrawn}/withdraw")).Is(200);
        await Forbidden(withdrawn, [], "review", "accept", "reject", "withdraw");
        var rejected = await Open(direct);
        await Decide(rejected, "review");
        (await Reject(rejected)).Is(200);
        await Forbidden(rejected, [], "review", "accept", "reject", "withdraw");
        (await Try(direct)).Refuses(409, "line-disputed");
        (await Accept(open, _october.Research)).Is(200);
        await Forbidden(open, [], "review", "accept", "reject", "withdraw");
    }

    [Fact]
    public async Task What_is_agreed_is_not_disputed_and_what_is_disputed_not_agreed()
    {
        var id = await _september.StatementId(_october.Sales);
        var dispute = await Open(await Line("shared"));
        var refused = (await _sales.Post($"statements/{id}/acknowledge")).Refuses(409, "statement-state");
        Assert.Equal(["dispute"], refused["allowed"].AsArray().Select(action => (string)action!));
        Assert.Equal("open", (await _sales.Get($"disputes/{dispute}")).Is(200).Text("state"));

        var research = _mesh.Department(_october.Research);
        await _october.CloseCompletely(0, 20);
        var other = await _october.StatementId(_october.Research);
        (await research.Post($"statements/{other}/acknowledge")).Is(200);
        var line = (string)(await research.Get($"statements/{other}")).Is(200)["lines"][0]!["id"]!;
        (await research.Post($"statement-lines/{line}/disputes", Claim(null), ApiClient.NewKey()))
            .Refuses(409, "statement-state");
    }

    [Fact]
    public async Task Claims_and_decisions_that_cannot_be_are_refused()
    {
        var line = await Line("shared");
        (await Try(line, "40.01")).Refuses(422, "claim-out-of-range");
        (await Try(line, "0.00")).Refuses(422, "claim-out-of-range");
        (await Try(line, "1.00", "EUR")).Refuses(422, "currency-mismatch");
        (await Try(line, "1.001")).Refuses(400, "unreadable");
        (await Try("01890000-0000-7000-8000-000000000000")).Refuses(404, "statement-line-not-found");
        (await Send(line, new { reason = " ", evidence = Array.Empty<object>() }))
            .RefusesField("/reason", "invalid-text");
        (await Send(line, new { reason = "x", evidence = new[] { new { title = "", reference = "x" } } }))
            .RefusesField("/evidence/0/title", "invalid-text");
        Assert.Equal("issued", await State());

        var dispute = await Open(line, "30.00");
        (await Try(line)).Refuses(409, "line-disputed");
        await Decide(dispute, "review");
        (await Accept(dispute, _october.Research, "30.01")).Refuses(422, "granted-out-of-range");
        (await Accept(dispute, _october.Sales)).Refuses(422, "counterparty-same");
        (await Accept(dispute, "EXTERNAL-BUSINESS")).Refuses(422, "counterparty-external");
        (await Accept(dispute, "NOBODY")).Refuses(422, "counterparty-not-found");
        (await Accept(dispute, "a b")).RefusesField("/counterparty", "invalid-code");
        (await Reject(dispute, "")).RefusesField("/explanation", "invalid-text");
        Assert.Equal("underReview", (await _sales.Get($"disputes/{dispute}")).Is(200).Text("state"));
    }

    [Fact]
    public async Task A_department_disputes_its_own_and_decides_nothing()
    {
        var line = await Line("shared");
        var research = _mesh.Department(_october.Research);
        (await research.Post($"statement-lines/{line}/disputes", Claim(null), ApiClient.NewKey()))
            .Refuses(404, "statement-line-not-found");
        (await _mesh.Provider.Post($"statement-lines/{line}/disputes", Claim(null), ApiClient.NewKey()))
            .Refuses(403, "forbidden");

        var dispute = await Open(line);
        (await research.Get($"disputes/{dispute}")).Refuses(404, "dispute-not-found");
        (await research.Post($"disputes/{dispute}/withdraw")).Refuses(404, "dispute-not-found");
        Assert.Empty(await research.List("disputes?"));
        Assert.Single(await _sales.List("disputes?undecided=true"));
        Assert.Empty(await _sales.List("disputes?undecided=false"));
        Assert.Single(await _mesh.Provider.List($"disputes?month={_september.At}&department={_october.Sales}"));
        Assert.Empty(await _mesh.Provider.List($"disputes?month={_october.At}"));
        Assert.Empty(await _mesh.Provider.List($"disputes?department={_october.Research}"));
        (await _sales.Post($"disputes/{dispute}/review")).Refuses(403, "forbidden");
        (await _sales.Post($"disputes/{dispute}/accept", new { }, ApiClient.NewKey())).Refuses(403, "forbidden");
        (await _mesh.Provider.Post($"disputes/{dispute}/withdraw")).Refuses(403, "forbidden");
    }

    [Fact]
    public async Task Of_many_who_decide_at_once_one_does()
    {
        var dispute = await Open(await Line("shared"));
        await Decide(dispute, "review");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(number =>
            number % 2 == 0 ? Accept(dispute, _october.Research) : Reject(dispute)));
        Assert.Equal(
            [200, 409, 409, 409, 409, 409], answers.Select(answer => (int)answer.Status).Order());
        Assert.Equal(
            answers.Any(answer => (int)answer.Status == 200 && answer.Text("state") == "accepted") ? 1L : 0L,
            await _mesh.Scalar<long>("select count(*) from chargeback.journal_transactions where kind = 'dispute'"));
    }

    [Fact]
    public async Task With_the_run_its_disputes_are_undone()
    {
        var (accepted, waiting) = (await Open(await Line("shared")), await Open(await Line("direct")));
        await Decide(accepted, "review");
        (await Accept(accepted, _october.Research)).Is(200);
        (await _mesh.Client(_mesh.Issuer.Provider("controller")).Post(
            $"{_september.Path}/reopen", new { reason = "A cost was missing" }, ApiClient.NewKey())).Is(200);
        await _september.Cost(_october.Support, EntryItem.Of(_september.At, "20.00"));
        await CloseAgain(share: 50);

        var ended = (await _sales.Get($"disputes/{waiting}")).Is(200);
        Assert.Equal(
            ("withdrawn", "The run of the statement was reversed."), (ended.Text("state"), ended.Text("explanation")));
        await _october.CloseCompletely(0, 20);
        Assert.Equal(
            [("shared", "33.33"), ("shared", "15.00"), ("disputeCredit", "-40.00"), ("disputeCredit", "40.00")],
            (await Lines(_october, _october.Sales)).Select(line => (line.Kind, line.Amount)));
        Assert.True((bool)(await _mesh.Provider.Get("reconciliation/2026-10")).Is(200)["reconciled"]);
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private async Task CloseAgain(decimal share)
    {
        var earlier = (await _september.Period()).Text("runId");
        (await _september.Close()).Is(202);
        await _september.FinalizeUsage(0, version: 2);
        var posted = await Eventually.Gives(
            _september.Period, period => period.Body["runId"] is { } run && (string)run! != earlier);
        await _september.Reckon(posted.Text("runId"), share);
        await _september.Until("closed");
    }

    private async Task<string> Line(string kind) =>
        (string)(await _september.Statement(_october.Sales))["lines"].AsArray()
            .Single(line => (string)line!["kind"]! == kind)!["id"]!;

    private static async Task<List<(string Kind, string Amount, string Origin)>> Lines(
        Month month, string department) =>
    [
        .. (await month.Statement(department))["lines"].AsArray().Select(line => (
            (string)line!["kind"]!,
            (string)line["amount"]!["amount"]!,
            string.Join(' ', line["originMonths"]!.AsArray().Select(origin => (string)origin!)))),
    ];

    private async Task<string> State() => (string)(await _september.Statement(_october.Sales))["statement"]["state"]!;

    private async Task<string> Open(string line, string? claimed = null) =>
        (await Try(line, claimed)).Is(201).Text("id");

    private Task<ApiAnswer> Try(string line, string? claimed = null, string currency = "USD") =>
        Send(line, Claim(claimed, currency));

    private Task<ApiAnswer> Send(string line, object body) =>
        _sales.Post($"statement-lines/{line}/disputes", body, ApiClient.NewKey());

    private static object Claim(string? claimed, string currency = "USD") => new
    {
        claimed = claimed is null ? null : new { amount = claimed, currency },
        reason = "It was not ours",
        evidence = new[] { new { title = "Ticket", reference = "T-4711" } },
    };

    private async Task Decide(string dispute, string action) =>
        (await _mesh.Provider.Post($"disputes/{dispute}/{action}")).Is(200);

    private Task<ApiAnswer> Accept(string dispute, string counterparty, string? granted = null) => _mesh.Provider.Post(
        $"disputes/{dispute}/accept",
        new
        {
            counterparty,
            granted = granted is null ? null : new { amount = granted, currency = "USD" },
            explanation = "Looked into.",
        },
        ApiClient.NewKey());

    private Task<ApiAnswer> Reject(string dispute, string explanation = "It was theirs") =>
        _mesh.Provider.Post($"disputes/{dispute}/reject", new { explanation });

    private async Task Forbidden(string dispute, string[] allowed, params string[] actions)
    {
        foreach (var action in actions)
        {
            var answer = action switch
            {
                "accept" => await Accept(dispute, _october.Research),
                "reject" => await Reject(dispute),
                "withdraw" => await _sales.Post($"disputes/{dispute}/withdraw"),
                _ => await _mesh.Provider.Post($"disputes/{dispute}/{action}"),
            };
            answer.Refuses(409, "dispute-state");
            Assert.Equal(allowed, answer["allowed"].AsArray().Select(each => (string)each!));
        }
    }
}
