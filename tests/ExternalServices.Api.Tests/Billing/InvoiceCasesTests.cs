using System.Text.Json;
using System.Text.Json.Nodes;
using static ExternalServices.Api.Tests.Billing.CaseProvider;

namespace ExternalServices.Api.Tests.Billing;

/// <summary>
/// Published invoices and credit notes, from the contract to the finished document: those of one tax rate without
/// amounts of the document as a whole, which is what contracts bill.
/// </summary>
public sealed class InvoiceCasesTests(CaseProvider service) : IClassFixture<CaseProvider>
{
    private static readonly Cases Invoices = new("invoices");
    private static readonly Cases Credits = new("credit-notes");

    [Fact]
    public async Task Invoices_come_out_as_published()
    {
        service.Clock.Set(new DateTimeOffset(2026, 11, 2, 12, 0, 0, TimeSpan.Zero));
        var names = Invoices.Where(IsBilledByContracts).Select(row => row.Data).ToList();
        Assert.True(names.Count >= 9, $"{names.Count} cases");
        foreach (var name in names)
        {
            var (input, expected) = (Invoices[name].GetProperty("input"), Invoices[name].GetProperty("expected"));
            var invoice = (await Bill(name, input))!;
            Assert.Equal(
                (name, string.Join(' ', expected.Numbers("lineNets"))),
                (name, string.Join(' ', invoice["lines"]!.AsArray().Select(line => Amount(line!, "net")))));
            var (group, tax) = (expected.Items("taxGroups").Single(), Assert.Single(invoice["taxes"]!.AsArray())!);
            Assert.Equal(
                (name, group.Text("category"), group.Number("rate"), group.Number("base"), group.Number("tax")),
                (name, tax.Text("category"), Number(tax, "rate"), Amount(tax, "base"), Amount(tax, "tax")));
            Assert.Equal(
                (name, expected.Number("netTotal"), expected.Number("taxTotal"), expected.Number("grossTotal")),
                (name, Amount(invoice, "net"), Amount(invoice, "tax"), Amount(invoice, "gross")));
        }
    }

    [Fact]
    public async Task Credit_notes_come_out_as_published()
    {
        service.Clock.Set(new DateTimeOffset(2026, 11, 2, 12, 0, 0, TimeSpan.Zero));
        var names = Credits.Where(IsOfOneRate).Select(row => row.Data).ToList();
        Assert.True(names.Count >= 16, $"{names.Count} cases");
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

    private static bool IsBilledByContracts(JsonElement input)
    {
        var lines = input.Items("lines").ToList();
        return lines.Select(line => (line.Text("category"), line.Number("rate"))).Distinct().Count() == 1
            && !lines.Exists(line => (line.Text("category") == "S" && line.Number("rate") == 0)
                || decimal.Min(line.Number("quantity"), line.Number("price")) < 0
                || line.Number("baseQuantity", 1) != 1
                || line.Numbers("charges").Count > 0)
            && !new[] { "documentAllowances", "documentCharges", "spreadDiscount" }
                .Any(member => input.TryGetProperty(member, out _));
    }

    private static bool IsOfOneRate(JsonElement input) =>
        input.GetProperty("invoice").Items("lines").Select(line => line.Number("rate")).Distinct().Count() == 1
        && !input.Items("notes").Any(note => note.TryGetProperty("outOfBand", out _));

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
        var customer = await service.Customer(name, currency, lines[0].Text("category"), lines[0].Number("rate"));
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
            [.. lines.Select((line, i) => Fee($"L{i:D2}", line.Text("price")))]);
        return await service.Bill(customer, "2026-10");
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
