using System.Net;
using System.Text.Json.Nodes;
using ExternalServices.Api.Tests.Billing;

namespace ExternalServices.Api.Tests.Payments;

/// <summary>What customers owed and had in the books that were kept before.</summary>
public sealed class TakenOverTests(ExternalService service)
{
    private const string Path = "/external/v1/ledger";

    [Fact]
    public async Task A_receivable_taken_over_is_paid_by_its_reference()
    {
        var world = await World.Create(service);
        var opening = await TakeOver(world, Receivable(world, "OLD-17", "500.00"));
        Assert.Equal("500.00", (await world.Balance()).Text("owed.amount"));
        var paid = await world.Pay("300.00", Named("OLD-17"));
        Assert.Null(paid["allocations"]![0]!["invoice"]);
        Assert.Equal("OLD-17", paid.Text("allocations.0.invoiceNumber"));
        Assert.Equal("200.00", (await world.Balance()).Text("owed.amount"));
        Assert.Equal("cash 300.00, openingBalance -500.00, receivables 200.00", await world.Books());

        var tooMuch = await world.Provider.Post(
            "/external/v1/payments",
            Money.Payment(world, "200.01", Named("OLD-17")),
            HttpStatusCode.UnprocessableEntity,
            Money.Key());
        Assert.Equal("exceeds-due", tooMuch.Code());
        Assert.Equal("balance-used", (await Reverse(world, opening, HttpStatusCode.Conflict)).Code());

        await world.Provider.Post(
            $"/external/v1/payments/{paid.Text("id")}/reverse",
            new { reason = "Returned" },
            HttpStatusCode.OK,
            Money.Key());
        Assert.Equal("500.00", (await world.Balance()).Text("owed.amount"));
        await Reverse(world, opening, HttpStatusCode.Created);
        Assert.Equal("0.00", (await world.Balance()).Text("owed.amount"));
        Assert.Equal("", await world.Books());
        var gone = await world.Provider.Post(
            "/external/v1/payments",
            Money.Payment(world, "1.00", Named("OLD-17")),
            HttpStatusCode.UnprocessableEntity,
            Money.Key());
        Assert.Equal("invoice-not-found", gone.Code());
    }

    [Fact]
    public async Task A_credit_taken_over_is_used_for_invoices()
    {
        var world = await World.Create(service);
        var invoice = await world.Issued(service);
        var opening = await TakeOver(world, Opening(world, "customerBalance", "-50.00"));
        Assert.Equal("50.00", (await world.Balance()).Text("credit.amount"));
        await world.Provider.Post(
            $"/external/v1/customers/{world.Customer}/balance/allocations",
            new { invoice = invoice.Text("number"), amount = "20.00" },
            HttpStatusCode.OK,
            Money.Key());
        Assert.Equal("101.76", (await world.Read(invoice)).Text("due.amount"));
        Assert.Equal("30.00", (await world.Balance()).Text("credit.amount"));
        Assert.Equal("balance-used", (await Reverse(world, opening, HttpStatusCode.Conflict)).Code());
    }

    [Fact]
    public async Task A_reference_names_one_thing()
    {
        var world = await World.Create(service);
        var invoice = await world.Issued(service);
        await TakeOver(world, Receivable(world, "OLD-17", "500.00"));
        foreach (var taken in new[] { "OLD-17", invoice.Text("number") })
        {
            var problem = await TakeOver(world, Receivable(world, taken, "1.00"), HttpStatusCode.Conflict);
            Assert.Equal("reference-taken", problem.Code());
        }

        Assert.Equal("621.76", (await world.Balance()).Text("owed.amount"));
    }

    [Theory]
    [InlineData("receivables", "-1.00", "R", "/amount wrong-side")]
    [InlineData("receivables", "1.00", null, "/reference reference-missing")]
    [InlineData("customerBalance", "1.00", null, "/amount wrong-side")]
    [InlineData("customerBalance", "-1.00", "R", "/reference no-reference")]
    public async Task Receivables_are_debits_and_balances_credits(
        string account, string amount, string? reference, string error)
    {
        var world = await World.Create(service);
        var problem = await TakeOver(
            world, Opening(world, account, amount, reference), HttpStatusCode.UnprocessableEntity);
        Assert.Equal([error], problem.Errors());
        Assert.Equal("", await world.Books());
    }

    [Fact]
    public async Task It_is_in_the_currency_that_the_customer_pays_in()
    {
        var world = await World.Create(service);
        var problem = await world.Provider.Post(
            $"{Path}/opening-balances",
            Opening(world, "receivables", "1.00", "R", "USD"),
            HttpStatusCode.UnprocessableEntity,
            Money.Key());
        Assert.Equal(["currency-mismatch", "/amount"], [problem.Code(), problem.Text("errors.0.pointer")]);
    }

    [Fact]
    public async Task Another_customer_does_not_pay_it()
    {
        var (world, other) = (await World.Create(service), await World.Create(service));
        await TakeOver(world, Receivable(world, "OLD-17", "500.00"));
        var problem = await other.Provider.Post(
            "/external/v1/payments",
            Money.Payment(other, "1.00", Named("OLD-17")),
            HttpStatusCode.UnprocessableEntity,
            Money.Key());
        Assert.Equal("invoice-not-found", problem.Code());
    }

    private static object Receivable(World world, string reference, string amount) =>
        Opening(world, "receivables", amount, reference);

    private static object Opening(
        World world, string account, string amount, string? reference = null, string currency = "EUR") => new
        {
            legalEntity = world.Entity,
            day = "2026-10-01",
            account,
            customer = world.Customer,
            amount = new { amount, currency },
            description = "Taken over",
            reference,
        };

    private static JsonObject Named(string number) => new() { ["number"] = number };

    private static Task<JsonNode> TakeOver(
        World world, object body, HttpStatusCode expected = HttpStatusCode.Created) =>
        world.Provider.Post($"{Path}/opening-balances", body, expected, Money.Key());

    private static Task<JsonNode> Reverse(World world, JsonNode opening, HttpStatusCode expected) =>
        world.Provider.Post($"{Path}/transactions/{opening.Text("id")}/reverse", null, expected, Money.Key());
}
