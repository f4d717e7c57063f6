using System.Text.Json;
using System.Text.Json.Nodes;
using static ExternalServices.Api.Tests.Billing.CaseProvider;

namespace ExternalServices.Api.Tests.Billing;

/// <summary>
/// Published invoices and credit notes, from the contract to the finished document: all but those that are named here.
/// </summary>
public sealed class InvoiceCasesTests(CaseProvider service) : IClassFixture<CaseProvider>
{
    private static readonly Cases Invoices = new("invoices");
    private static readonly Cases Credits = new("credit-notes");

    private const string OfDocument = "Contracts take discounts off lines, and charge nothing on the whole document.";
    private const string Negative = "What is sold has no negative quantity; what is taken back is a credit note.";
    private const string StandardAtZero = "An e-invoice has no category S at 0 % (BR-S-05).";

    /// <summary>The cases that stay with the pure functions, and why.</summary>
    private static readonly Dictionary<string, string> NotBilledByContracts = new()
    {
        ["en16931-example1"] = Negative,
        ["en16931-example2"] = OfDocument,
        ["en16931-example3"] = OfDocument,
        ["en16931-guide-example3"] = OfDocument,
        ["en16931-issue116-empty-group"] = OfDocument,
        ["peppol-allowance-example"] = OfDocument,
        ["peppol-vat-category-s"] = OfDocument,
        ["peppol-base-example"] = OfDocument,
        ["lago-coupon-over-two-rates"] = OfDocument,
        ["discount-thirds-go-to-first-line"] = OfDocument,
        ["three-lines-of-thirds"] = StandardAtZero,
        ["same-rate-two-categories"] = StandardAtZero,
        ["line-parts-rounded-separately"] = StandardAtZero,
        ["lines-cancel-out"] = Negative,
        ["half-cent-of-tax-in-a-negative-group"] = Negative,
    };

    private static readonly Dictionary<string, string> NotCredited = new()
    {
        ["paid-invoice-split-settlement"] = "What exceeds the open amount is refunded or put on balance, nothing else.",
    };

    [Fact]
    public async Task Invoices_come_out_as_published()
    {
        service.Clock.Set(new DateTimeOffset(2026, 11, 2, 12, 0, 0, TimeSpan.Zero));
        var names = AllBut(Invoices, NotBilledByContracts);
        Assert.True(names.Count >= 14, $"{names.Count} cases");
        foreach (var name in names)
        {
            var (input, expected) = (Invoices[name].GetProperty("input"), Invoices[name].GetProperty("expected"));
            var invoice = (await Bill(name, input))!;
            Assert.Equal(
                (name, string.Join(' ', expected.Numbers("lineNets"))),
                (name, string.Join(' ', invoice["lines"]!.AsArray().Select(line => Amount(line!, "net")))));
            Assert.Equal(
                expected.Items("taxGroups").Select(group => (
                    name, group.Text("category"), group.Number("rate"), group.Number("base"), group.Number("tax"))),
                invoice["taxes"]!.AsArray().Select(tax => (
                    name, tax!.Text("category"), Number(tax!, "rate"), Amount(tax!, "base"), Amount(tax!, "tax"))));
            Assert.Equal(
                (name, expected.Number("netTotal"), expected.Number("taxTotal"), expected.Number("grossTotal")),
                (name, Amount(invoice, "net"), Amount(invoice, "tax"), Amount(invoice, "gross")));
        }
    }

    [Fact]
    public async Task Credit_notes_come_out_as_published()
    {
        service.Clock.Set(new DateTimeOffset(2026, 11, 2, 12, 0, 0, TimeSpan.Zero));
        var names = AllBut(Credits, NotCredited);
        Assert.True(names.Count >= 21, $"{names.Count} cases");
        foreach (var name in names)
        {
            var (input, expected) = (Credits[name].GetProperty("input"), Credits[name].GetProperty("expected"));
            var invoice = (await Bill(name, AsLines(input)))!;
            Assert.Equal(
                (name, expected.Number("invoiceTax"), expected.Number("invoiceTotal")),
                (name, Amount(invoice, "tax"), Amount(invoice, "gross")));
            await Pay(invoice, input);
            foreach (var (note, outcome) in input.Items("notes").Zip(expected.Items("notes")))
            {
                await Credit(name, invoice, note, outcome);
            }

            var after = await service.Provider.Get($"/external/v1/invoices/{invoice.Text("id")}");
            if (input.GetProperty("invoice").Number("paid", 0) == 0)
            {
                Assert.Equal((name, expected.Number("remaining")), (name, Amount(after, "due")));
            }
        }
    }

    /// <summary>A case that is named and does not exist is a mistake.</summary>
    private static List<string> AllBut(Cases cases, Dictionary<string, string> named)
    {
        var names = cases.Names.Select(row => row.Data).ToList();
        Assert.Empty(named.Keys.Except(names));
        return [.. names.Except(named.Keys)];
    }

    /// <summary>The lines of a credit note case as those of an invoice.</summary>
    private static JsonElement AsLines(JsonElement input) => JsonSerializer.SerializeToElement(new
    {
        currency = input.Text("currency"),
        lines = input.GetProperty("invoice").Items("lines").Select(line => new
        {
            quantity = "1",
            price = line.Text("net"),
            category = "S",
            rate = line.Text("rate"),
        }),
    });

    private async Task<JsonNode?> Bill(string name, JsonElement input)
    {
        var (lines, currency) = (input.Items("lines").ToList(), input.Text("currency"));
        decimal[] rates = [.. lines.Select(line => line.Number("rate")).Distinct()];
        var customer = rates.Length == 1
            ? await service.Customer(name, currency, lines[0].Text("category"), rates[0])
            : await service.Customer(name, currency, rates);
        var overrides = new JsonArray([.. lines.Select((line, i) => (JsonNode)new JsonObject
        {
            ["charge"] = $"L{i:D2}",
            ["quantity"] = line.Text("quantity"),
            ["discounts"] = new JsonArray([.. line.Items("allowances").Select((taken, n) => (JsonNode)new JsonObject
            {
                ["kind"] = "amount",
                ["code"] = $"D{n}",
                ["description"] = "Taken off",
                ["amount"] = taken.GetString(),
                ["from"] = "2026-10-01",
            })]),
        })]);
        await service.Sign(
            customer,
            currency,
            new JsonObject { ["start"] = "2026-10-01", ["end"] = "2026-11-01", ["overrides"] = overrides },
            1,
            [.. lines.Select((line, i) => (object)Line(i, line, rates))]);
        return await service.Bill(customer, "2026-10");
    }

    /// <summary>A price for several units is that of one, as many times.</summary>
    private static JsonObject Line(int index, JsonElement line, decimal[] rates)
    {
        var price = line.Number("price") / line.Number("baseQuantity", 1);
        var fee = JsonSerializer.SerializeToNode(
            Fee($"L{index:D2}", price.ToString(System.Globalization.CultureInfo.InvariantCulture)))!.AsObject();
        if (rates.Length > 1) fee["taxClass"] = ClassOf(line.Number("rate"), rates);
        return fee;
    }

    private async Task Pay(JsonNode invoice, JsonElement input)
    {
        var paid = CaseProvider.Text(input.GetProperty("invoice"), "paid", "0");
        if (paid.All(digit => digit is '0' or '.')) return;
        await service.Provider.Post(
            "/external/v1/payments",
            new
            {
                customer = invoice.Text("customer"),
                amount = new { amount = paid, currency = input.Text("currency") },
                receivedOn = "2026-11-01",
                reference = "Transfer",
                allocations = new[] { new { invoice = invoice.Text("number"), amount = paid } },
            },
            key: $"case-{World.Next()}");
    }

    private async Task Credit(string name, JsonNode invoice, JsonElement note, JsonElement outcome)
    {
        var isAccepted = outcome.GetProperty("accepted").GetBoolean();
        var answer = await service.Provider.Post(
            $"/external/v1/invoices/{invoice.Text("id")}/credit-notes",
            new
            {
                reason = "Case",
                lines = note.Items("lines").Select(line => new
                {
                    number = int.Parse(line.Text("line"), System.Globalization.CultureInfo.InvariantCulture),
                    amount = line.Text("amount"),
                }),
                refund = CaseProvider.Text(note, "refund", "0"),
                balance = CaseProvider.Text(note, "balance", "0"),
            },
            isAccepted ? System.Net.HttpStatusCode.Created : System.Net.HttpStatusCode.UnprocessableEntity,
            $"case-{World.Next()}");
        if (!isAccepted)
        {
            Assert.Equal((name, outcome.Text("reason")), (name, answer.Code()));
            return;
        }

        Assert.Equal(
            (name, outcome.Number("net"), outcome.Number("tax"), outcome.Number("total")),
            (name, Amount(answer, "net"), Amount(answer, "tax"), Amount(answer, "gross")));
    }

    private static decimal Number(JsonNode node, string name) =>
        decimal.Parse(node.Text(name), System.Globalization.CultureInfo.InvariantCulture);
}
