using System.Net;
using System.Text.Json.Nodes;

namespace ExternalServices.Api.Tests.Billing;

/// <summary>Short ways to move money in tests.</summary>
internal static class Money
{
    /// <summary>An issued invoice over 100.00 and 0.63 with 21 %: 121.76.</summary>
    public static async Task<JsonNode> Issued(this World world, ExternalService service, bool finalize = true)
    {
        await world.Tax("ES", "21");
        await world.Sign();
        await world.Record(world.Usage("1", "2026-10-05T12:00:00Z", "2.5"));
        await world.Bill("2026-10", finalize);
        return await world.TheInvoice();
    }

    public static Task<JsonNode> Pay(
        this World world, string amount, JsonNode? invoice = null, string? use = null) =>
        world.Provider.Post("/external/v1/payments", Payment(world, amount, invoice, use ?? amount), key: Key());

    public static object Payment(World world, string amount, JsonNode? invoice = null, string? use = null) => new
    {
        customer = world.Customer,
        amount = new { amount, currency = "EUR" },
        receivedOn = "2026-11-01",
        reference = "Transfer",
        allocations = invoice is null
            ? Array.Empty<object>()
            : [new { invoice = invoice["number"]?.ToString() ?? "none", amount = use ?? amount }],
    };

    public static Task<JsonNode> Act(
        this World world,
        JsonNode invoice,
        string action,
        object? body = null,
        HttpStatusCode expected = HttpStatusCode.OK) =>
        world.Provider.Post($"/external/v1/invoices/{invoice.Text("id")}/{action}", body, expected, Key());

    public static Task<JsonNode> Credit(
        this World world,
        JsonNode invoice,
        object body,
        HttpStatusCode expected = HttpStatusCode.Created) =>
        world.Act(invoice, "credit-notes", body, expected);

    public static object Credit(int line, string amount, string refund = "0", string balance = "0") =>
        new { reason = "Agreed", lines = new[] { new { number = line, amount } }, refund, balance };

    public static Task<JsonNode> Read(this World world, JsonNode invoice) =>
        world.Provider.Get($"/external/v1/invoices/{invoice.Text("id")}");

    public static Task<JsonNode> Balance(this World world) =>
        world.Provider.Get($"/external/v1/customers/{world.Customer}/balance");

    /// <summary>The balances of the books, by account; nothing where it is zero.</summary>
    public static async Task<string> Books(this World world)
    {
        var balance = await world.Provider.Get($"/external/v1/ledger/trial-balance?legalEntity={world.Entity}");
        Assert.All(balance["totals"]!.AsArray(), total => Assert.Equal("0.00", total!.Text("amount")));
        return string.Join(
            ", ",
            balance["accounts"]!.AsArray()
                .Where(account => account!.Text("balance.amount") != "0.00")
                .Select(account => $"{account!.Text("account")} {account!.Text("balance.amount")}"));
    }

    public static string Key() => $"money-{World.Next()}";
}
