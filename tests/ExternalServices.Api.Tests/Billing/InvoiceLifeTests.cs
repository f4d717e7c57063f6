using System.Net;
using System.Text.Json.Nodes;

namespace ExternalServices.Api.Tests.Billing;

public sealed class InvoiceLifeTests(ExternalService service)
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["draft"] = ["finalize", "delete"],
        ["open"] = ["allocate", "credit", "cancel", "dispute", "mark-uncollectible"],
        ["paid"] = ["reverse-payment", "credit"],
        ["cancelled"] = [],
        ["uncollectible"] = ["allocate"],
    };

    public static TheoryData<string> States => new(Allowed.Keys);

    [Theory]
    [MemberData(nameof(States))]
    public async Task What_a_state_forbids_is_refused_with_what_it_allows(string state)
    {
        var world = await World.Create(service);
        var invoice = await In(world, state);
        string[] actions = ["finalize", "delete", "allocate", "credit", "cancel", "dispute", "mark-uncollectible"];
        var forbidden = actions.Except(Allowed[state]).ToArray();
        foreach (var action in forbidden)
        {
            // A draft has no number that a payment could name.
            if (state == "draft" && action == "allocate") continue;
            var problem = await Try(world, invoice, action);
            Assert.Equal(["invoice-state", state], [problem.Code(), problem.Text("state")]);
            Assert.Equal(Allowed[state], problem["allowed"]!.AsArray().Select(allowed => allowed!.ToString()));
        }

        Assert.NotEmpty(forbidden);
        Assert.Equal(state, (await world.Read(invoice)).Text("state"));
    }

    [Fact]
    public async Task A_partial_credit_lowers_what_is_due_and_the_last_closes_to_the_cent()
    {
        var world = await World.Create(service);
        var invoice = await world.Issued(service);
        var first = await world.Credit(invoice, Money.Credit(1, "33.33"));
        Assert.Equal(["33.33", "7.00", "40.33"], Amounts(first));
        Assert.EndsWith("-000001", first.Text("number"));
        Assert.Equal(["open", "81.43"], await Standing(world, invoice));

        Assert.Equal(["33.33", "7.00", "40.33"], Amounts(await world.Credit(invoice, Money.Credit(1, "33.33"))));
        Assert.Equal(["33.34", "7.00", "40.34"], Amounts(await world.Credit(invoice, Money.Credit(1, "33.34"))));
        var last = await world.Credit(invoice, Money.Credit(2, "0.63"));
        Assert.Equal(["0.63", "0.13", "0.76"], Amounts(last));
        Assert.EndsWith("-000004", last.Text("number"));
        Assert.Equal(["cancelled", "0.00"], await Standing(world, invoice));
        Assert.Equal("", await world.Books());
    }

    [Fact]
    public async Task What_exceeds_the_amount_due_must_go_somewhere()
    {
        var world = await World.Create(service);
        var invoice = await world.Issued(service);
        await world.Pay("121.76", invoice);
        var problem = await world.Credit(
            invoice, Money.Credit(1, "10.00", "12.09"), HttpStatusCode.UnprocessableEntity);
        Assert.Equal("excess-not-settled", problem.Code());
        var note = await world.Credit(invoice, Money.Credit(1, "10.00", refund: "2.10", balance: "10.00"));
        Assert.Equal(["2.10", "10.00"], [note.Text("refunded.amount"), note.Text("onBalance.amount")]);
        Assert.Equal(["paid", "0.00"], await Standing(world, invoice));
        Assert.Equal("10.00", (await world.Balance()).Text("credit.amount"));
        Assert.Equal("cash 119.66, customerBalance -10.00, deferredRevenue -90.63, tax -19.03", await world.Books());
    }

    [Fact]
    public async Task A_cancelled_invoice_is_credited_whole_and_its_payments_are_free_again()
    {
        var world = await World.Create(service);
        var invoice = await world.Issued(service);
        await world.Pay("50.00", invoice);
        var unsettled = await world.Act(
            invoice, "cancel", new { reason = "Error" }, HttpStatusCode.UnprocessableEntity);
        Assert.Equal("excess-not-settled", unsettled.Code());
        var note = await world.Act(
            invoice, "cancel", new { reason = "Error", balance = "50.00" }, HttpStatusCode.Created);
        Assert.Equal(["100.63", "21.13", "121.76"], Amounts(note));
        Assert.Equal(["cancelled", "0.00"], await Standing(world, invoice));
        Assert.Equal("cash 50.00, customerBalance -50.00", await world.Books());
    }

    [Theory]
    [InlineData(9, "1", "line-not-found", "/lines/0/number")]
    [InlineData(1, "0", "not-positive", "/lines/0/amount")]
    [InlineData(1, "0.001", "amount-precision", "/lines/0/amount")]
    [InlineData(1, "100.01", "exceeds-line", "/lines/0/amount")]
    public async Task A_credit_that_breaks_a_rule_is_refused(int line, string amount, string code, string pointer)
    {
        var world = await World.Create(service);
        var invoice = await world.Issued(service);
        var problem = await world.Credit(invoice, Money.Credit(line, amount), HttpStatusCode.UnprocessableEntity);
        Assert.Equal([code, pointer], [problem.Code(), problem.Text("errors.0.pointer")]);
    }

    [Fact]
    public async Task Parallel_credits_never_exceed_the_invoice()
    {
        var world = await World.Create(service);
        var invoice = await world.Issued(service);
        var path = $"/external/v1/invoices/{invoice.Text("id")}/credit-notes";
        using var client = service.Running.Client(service.Issuer.Provider());
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = System.Net.Http.Json.JsonContent.Create(Money.Credit(1, "30.00")),
                Headers = { { "Idempotency-Key", Money.Key() } },
            };
            using var answer = await client.SendAsync(request);
            return answer.StatusCode;
        }));
        Assert.Equal(3, answers.Count(status => status == HttpStatusCode.Created));
        Assert.Equal(5, answers.Count(status => status == HttpStatusCode.UnprocessableEntity));
        Assert.Equal(["open", "12.86"], await Standing(world, invoice));
    }

    [Fact]
    public async Task An_invoice_written_off_may_still_be_paid()
    {
        var world = await World.Create(service);
        var invoice = await world.Issued(service);
        await world.Pay("21.76", invoice);
        Assert.Equal("uncollectible", (await world.Act(invoice, "mark-uncollectible")).Text("state"));
        Assert.Equal("badDebt 100.00, cash 21.76, deferredRevenue -100.63, tax -21.13", await world.Books());
        var late = await world.Pay("100.00", invoice);
        Assert.Equal(["paid", "0.00"], await Standing(world, invoice));
        Assert.Equal("cash 121.76, deferredRevenue -100.63, tax -21.13", await world.Books());
        await world.Provider.Post(
            $"/external/v1/payments/{late.Text("id")}/reverse",
            new { reason = "Returned" },
            HttpStatusCode.OK,
            Money.Key());
        Assert.Equal(["uncollectible", "100.00"], await Standing(world, invoice));
    }

    [Fact]
    public async Task A_dispute_begins_and_ends_once()
    {
        var world = await World.Create(service);
        var invoice = await world.Issued(service);
        var none = await world.Act(invoice, "dispute/settle", null, HttpStatusCode.Conflict);
        Assert.Equal("not-disputed", none.Code());
        var blank = await world.Act(invoice, "dispute", new { reason = " " }, HttpStatusCode.UnprocessableEntity);
        Assert.Equal(["/reason invalid-text"], blank.Errors());
        var disputed = await world.Act(invoice, "dispute", new { reason = "Not ordered" });
        Assert.Equal("Not ordered", disputed.Text("disputeReason"));
        Assert.Equal("121.76", (await world.Balance()).Text("disputed.amount"));
        var again = await world.Act(invoice, "dispute", new { reason = "Again" }, HttpStatusCode.Conflict);
        Assert.Equal("already-disputed", again.Code());
        Assert.Null((await world.Act(invoice, "dispute/settle"))["disputeReason"]);
    }

    private async Task<JsonNode> In(World world, string state)
    {
        var invoice = await world.Issued(service, finalize: state != "draft");
        switch (state)
        {
            case "paid": await world.Pay("121.76", invoice); break;
            case "cancelled":
                await world.Act(invoice, "cancel", new { reason = "Error" }, HttpStatusCode.Created);
                break;
            case "uncollectible": await world.Act(invoice, "mark-uncollectible"); break;
        }

        Assert.Equal(state, (await world.Read(invoice)).Text("state"));
        return invoice;
    }

    private async Task<JsonNode> Try(World world, JsonNode invoice, string action)
    {
        const HttpStatusCode conflict = HttpStatusCode.Conflict;
        var version = $"\"{(await world.Read(invoice)).Text("version")}\"";
        return action switch
        {
            "delete" => await world.Provider.Delete($"/external/v1/invoices/{invoice.Text("id")}", version, conflict),
            "allocate" => await world.Provider.Post(
                "/external/v1/payments", Money.Payment(world, "1.00", invoice), conflict, Money.Key()),
            "credit" => await world.Credit(invoice, Money.Credit(1, "1.00"), conflict),
            "cancel" or "dispute" => await world.Act(invoice, action, new { reason = "x" }, conflict),
            _ => await world.Act(invoice, action, null, conflict),
        };
    }

    private static string[] Amounts(JsonNode note) =>
        [.. new[] { "net.amount", "tax.amount", "gross.amount" }.Select(note.Text)];

    private static async Task<string[]> Standing(World world, JsonNode invoice)
    {
        var read = await world.Read(invoice);
        return [read.Text("state"), read.Text("due.amount")];
    }
}
