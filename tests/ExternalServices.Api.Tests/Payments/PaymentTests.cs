using System.Net;
using ExternalServices.Api.Tests.Billing;

namespace ExternalServices.Api.Tests.Payments;

public sealed class PaymentTests(ExternalService service)
{
    private const string Path = "/external/v1/payments";

    [Fact]
    public async Task Payments_pay_invoices_many_to_many()
    {
        var world = await World.Create(service);
        var first = await world.Issued(service);
        await world.Bill("2026-09");
        var second = (await world.Invoices()).Single(other => other!.Text("id") != first.Text("id"))!;
        Assert.Equal("100.00", second.Text("net.amount"));

        var one = await world.Pay("150.00", first, "100.00");
        Assert.Equal("50.00", one.Text("available.amount"));
        Assert.Equal(
            ["open", "21.76", "true"],
            [
                (await world.Read(first)).Text("state"), (await world.Read(first)).Text("due.amount"),
                (await world.Read(first)).Text("isPartiallyPaid"),
            ]);
        var used = new { allocations = new[] { new { invoice = second.Text("number"), amount = "50.00" } } };
        await world.Provider.Post($"{Path}/{one.Text("id")}/allocations", used, HttpStatusCode.OK, Money.Key());
        await world.Pay("92.76", first, "21.76");
        await world.Provider.Post(
            $"/external/v1/customers/{world.Customer}/balance/allocations",
            new { invoice = second.Text("number"), amount = "71.00" },
            HttpStatusCode.OK,
            Money.Key());
        Assert.Equal(
            ["paid", "paid"],
            [(await world.Read(first)).Text("state"), (await world.Read(second)).Text("state")]);
        Assert.Equal("0.00", (await world.Balance()).Text("credit.amount"));
        Assert.Equal("cash 242.76, deferredRevenue -200.63, tax -42.13", await world.Books());
        await Testing.Eventually.Gives(
            () => world.Provider.Get("/external/v1/ops/messaging"), status => status.Text("outboxDepth") == "0");
    }

    [Fact]
    public async Task A_reversed_payment_is_owed_again()
    {
        var world = await World.Create(service);
        var invoice = await world.Issued(service);
        var books = await world.Books();
        var payment = await world.Pay("200.00", invoice, "121.76");
        Assert.Equal("78.24", (await world.Balance()).Text("credit.amount"));
        var path = $"{Path}/{payment.Text("id")}";
        var reversed = await world.Provider.Post(
            $"{path}/reverse", new { reason = "Returned" }, HttpStatusCode.OK, Money.Key());
        Assert.Equal(["0.00", "Returned"], [reversed.Text("available.amount"), reversed.Text("reversalReason")]);
        Assert.NotNull(reversed["allocations"]![0]!["releasedAt"]);
        Assert.Equal("open", (await world.Read(invoice)).Text("state"));
        Assert.Equal(books, await world.Books());

        var again = await world.Provider.Post(
            $"{path}/reverse", new { reason = "x" }, HttpStatusCode.Conflict, Money.Key());
        Assert.Equal("payment-reversed", again.Code());
        var use = new { allocations = new[] { new { invoice = invoice.Text("number"), amount = "1.00" } } };
        var gone = await world.Provider.Post($"{path}/allocations", use, HttpStatusCode.Conflict, Money.Key());
        Assert.Equal("payment-reversed", gone.Code());
    }

    [Fact]
    public async Task What_is_on_the_balance_can_be_paid_back_once()
    {
        var world = await World.Create(service);
        await world.Issued(service);
        var payment = await world.Pay("30.00");
        await world.Pay("20.00");
        var refund = await Refund(world, "35.00", HttpStatusCode.Created);
        Assert.Equal("35.00", refund.Text("amount.amount"));
        Assert.Equal("exceeds-available", (await Refund(world, "15.01", HttpStatusCode.UnprocessableEntity)).Code());
        var both = await world.Provider.Post(
            $"{Path}/{payment.Text("id")}/reverse", new { reason = "x" }, HttpStatusCode.Conflict, Money.Key());
        Assert.Equal("payment-refunded", both.Code());
        Assert.Equal("15.00", (await world.Balance()).Text("credit.amount"));
        var refunds = await world.Provider.Get($"/external/v1/refunds?customer={world.Customer}");
        Assert.Single(refunds["items"]!.AsArray());
    }

    [Fact]
    public async Task The_statement_shows_every_movement_and_ends_at_the_balance()
    {
        var world = await World.Create(service);
        var invoice = await world.Issued(service);
        await world.Pay("200.00", invoice, "121.76");
        await world.Credit(invoice, Money.Credit(1, "10.00", refund: "12.10"));
        var today = invoice.Text("issueDate");
        var path = $"/external/v1/customers/{world.Customer}/statement";
        var statement = await service.As(world.Customer).Get($"{path}?from=2026-11-01&to={today}");
        Assert.Equal(
            ["payment -200.00", "issue 121.76", "credit -12.10", "refund 12.10"],
            statement["lines"]!.AsArray().Select(line => $"{line!.Text("kind")} {line!.Text("amount.amount")}"));
        Assert.Equal("-78.24", statement.Text("closing.amount"));
        var later = await service.As(world.Customer).Get($"{path}?from={today}&to={today}");
        Assert.Equal(["-200.00", "-78.24"], [later.Text("opening.amount"), later.Text("closing.amount")]);
        var backwards = await world.Provider.Get(
            $"{path}?from=2026-11-02&to=2026-11-01", HttpStatusCode.UnprocessableEntity);
        Assert.Equal("span-out-of-range", backwards.Code());
    }

    [Fact]
    public async Task A_payment_that_breaks_a_rule_is_refused_and_leaves_nothing()
    {
        var (world, other) = (await World.Create(service), await World.Create(service));
        var (invoice, theirs) = (await world.Issued(service), await other.Issued(service));
        Assert.Equal("exceeds-due", await Refused(Money.Payment(world, "200.00", invoice, "121.77")));
        Assert.Equal("exceeds-available", await Refused(Money.Payment(world, "10.00", invoice, "10.01")));
        Assert.Equal("not-positive", await Refused(Money.Payment(world, "10.00", invoice, "0")));
        Assert.Equal("amount-precision", await Refused(Money.Payment(world, "10.00", invoice, "0.001")));
        Assert.Equal("invoice-not-found", await Refused(Money.Payment(world, "10.00", theirs)));
        Assert.Equal("/amount out-of-range", await Refused(Money.Payment(world, "-1.00")));
        Assert.Equal("/customer customer-not-found", await Refused(With("customer", "NOBODY")));
        Assert.Equal("/receivedOn in-the-future", await Refused(With("receivedOn", "2199-01-01")));
        Assert.Equal("/reference invalid-text", await Refused(With("reference", "")));
        Assert.Equal("/amount currency-mismatch", await Refused(With("amount", Usd())));
        Assert.Equal("121.76", (await world.Balance()).Text("owed.amount"));
        Assert.Empty((await world.Provider.Get($"{Path}?customer={world.Customer}"))["items"]!.AsArray());

        System.Text.Json.Nodes.JsonNode Usd() => new System.Text.Json.Nodes.JsonObject
        {
            ["amount"] = "1.00",
            ["currency"] = "USD",
        };

        System.Text.Json.Nodes.JsonObject With(string member, System.Text.Json.Nodes.JsonNode value)
        {
            var body = System.Text.Json.JsonSerializer.SerializeToNode(Money.Payment(world, "1.00"))!.AsObject();
            body[member] = value;
            return body;
        }
    }

    [Fact]
    public async Task A_customer_sees_its_own_money_and_moves_none()
    {
        var (mine, other) = (await World.Create(service), await World.Create(service));
        var (paid, theirs) = (await mine.Issued(service), await other.Issued(service));
        await mine.Pay("10.00", paid);
        var payment = await other.Pay("10.00", theirs);
        var note = await other.Credit(theirs, Money.Credit(1, "1.00"));
        var me = service.As(mine.Customer);
        Assert.Single((await me.Get(Path))["items"]!.AsArray());
        Assert.Empty((await me.Get($"{Path}?customer={other.Customer}"))["items"]!.AsArray());
        Assert.Empty((await me.Get($"/external/v1/credit-notes?invoice={theirs.Text("id")}"))["items"]!.AsArray());
        string[] hidden =
        [
            $"payments/{payment.Text("id")}", $"credit-notes/{note.Text("id")}", $"customers/{other.Customer}/balance",
            $"customers/{other.Customer}/statement?from=2026-11-01&to=2026-11-30",
        ];
        foreach (var path in hidden) await me.Get($"/external/v1/{path}", HttpStatusCode.NotFound);
        await me.Post(Path, Money.Payment(mine, "1.00"), HttpStatusCode.Forbidden, Money.Key());
        await me.Get($"/external/v1/ledger/trial-balance?legalEntity={mine.Entity}", HttpStatusCode.Forbidden);
    }

    private static Task<System.Text.Json.Nodes.JsonNode> Refund(World world, string amount, HttpStatusCode expected) =>
        world.Provider.Post(
            "/external/v1/refunds",
            new { customer = world.Customer, amount = new { amount, currency = "EUR" }, reference = "Back" },
            expected,
            Money.Key());

    private async Task<string> Refused(object body)
    {
        var problem = await service.Provider.Post(Path, body, HttpStatusCode.UnprocessableEntity, Money.Key());
        return problem.Code() == "invalid-fields" ? problem.Errors().Single() : problem.Code();
    }
}
