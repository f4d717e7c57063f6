using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using static ExternalServices.Api.Tests.Billing.CaseProvider;

namespace ExternalServices.Api.Tests.Billing;

/// <summary>
/// Published parts of periods and changes inside them, from the contract to the invoice: all that are counted by days.
/// </summary>
public sealed class ProrationCasesTests(CaseProvider service) : IClassFixture<CaseProvider>
{
    private const string Carrier = "CARRIER";

    private static readonly Cases Proration = new("proration");

    /// <summary>The cases that stay with the pure functions, and why.</summary>
    private static readonly Dictionary<string, string> NotBilled = new()
    {
        ["no-day"] = "A contract of no day is not signed.",
        ["zone-same-local-day-is-zero"] = "A contract of no day is not signed.",
        ["parts-rounded-not-net"] = "No billing period has three days.",
        ["method-none"] = "Contracts count days.",
        ["method-second-half-month"] = "Contracts count days.",
        ["method-second-one-hour"] = "Contracts count days.",
    };

    [Fact]
    public async Task Parts_and_changes_are_billed_as_published()
    {
        var names = Proration.Where(input => SpanOf(input) is { } span && span.From < span.To)
            .Select(row => row.Data)
            .OrderBy(name => SpanOf(Proration[name].GetProperty("input"))!.Value.Full.To)
            .ToList();
        Assert.Equal(
            NotBilled.Keys.Order(), Proration.Names.Select(row => row.Data).Except(names).Order());
        foreach (var name in names)
        {
            var (input, expected) = (Proration[name].GetProperty("input"), Proration[name].GetProperty("expected"));
            var span = SpanOf(input)!.Value;
            var customer = await service.Customer(
                name, input.Text("currency"), "S", 21, CaseProvider.Text(input, "zone", "Europe/Madrid"));
            if (input.TryGetProperty("price", out _)) await BillPart(name, customer, input, expected, span);
            else await BillChange(name, customer, input, expected, span);
        }
    }

    /// <summary>The contract begins and ends inside a period, which is anchored on its first day.</summary>
    private async Task BillPart(
        string name, string customer, JsonElement input, JsonElement expected, (DateOnly, DateOnly, Span Full) span)
    {
        var (from, to, full) = span;
        At(to);
        var contract = new JsonObject
        {
            ["start"] = Day(from),
            ["end"] = Day(to),
            ["anchor"] = Day(full.From),
            ["overrides"] = Quantity(CaseProvider.Text(input, "quantity", "1")),
        };
        await service.Sign(
            customer, input.Text("currency"), contract, full.Months, [Fee("FEE", input.Text("price"))]);
        var invoice = (await service.Bill(customer, Day(from)[..7]))!;
        Assert.Equal((name, expected.Number("amount")), (name, Amount(invoice["lines"]![0]!, "net")));
    }

    /// <summary>The fee changes inside a period that is billed; another fee carries what is taken back.</summary>
    private async Task BillChange(
        string name, string customer, JsonElement input, JsonElement expected, (DateOnly, DateOnly, Span Full) span)
    {
        var (from, _, full) = span;
        At(from.AddDays(-1));
        await service.Sign(
            customer,
            input.Text("currency"),
            new JsonObject { ["start"] = Day(full.From), ["overrides"] = Quantity(input, "old") },
            full.Months,
            Charges(input, "old"),
            Charges(input, "new"));
        await service.Bill(customer, Day(full.From)[..7]);
        await service.Provider.Post(
            $"/external/v1/contracts/{customer}/changes",
            new JsonObject { ["on"] = Day(from), ["planVersion"] = 2, ["overrides"] = Quantity(input, "new") },
            System.Net.HttpStatusCode.OK,
            $"case-{World.Next()}");

        At(full.To);
        var lines = (await service.Bill(customer, Day(full.To)[..7]))!["lines"]!.AsArray();
        Assert.Equal(
            (name, expected.Number("credit"), expected.Number("charge")),
            (name, Sum(lines, "changeCredit"), Sum(lines, "changeCharge")));
    }

    /// <summary>By days: as dates, as instants of a zone, or as so many days of a month.</summary>
    private static (DateOnly From, DateOnly To, Span Full)? SpanOf(JsonElement input)
    {
        if (input.Text("method") != "day") return null;
        if (input.TryGetProperty("from", out _))
        {
            var full = new Span(DayOf(input, "periodFrom"), DayOf(input, "periodTo"));
            return (DayOf(input, "from"), DayOf(input, "to"), full);
        }

        var first = input.GetProperty("fullDays").GetInt32() switch
        {
            28 => new DateOnly(2026, 2, 1),
            30 => new DateOnly(2026, 4, 1),
            31 => new DateOnly(2026, 1, 1),
            _ => (DateOnly?)null,
        };
        if (first is not { } from) return null;
        var end = from.AddMonths(1);
        return input.TryGetProperty("price", out _)
            ? (from, from.AddDays(input.GetProperty("days").GetInt32()), new Span(from, end))
            : (end.AddDays(-input.GetProperty("days").GetInt32()), end, new Span(from, end));
    }

    private static DateOnly DayOf(JsonElement input, string name)
    {
        var text = input.Text(name);
        if (!text.Contains('T', StringComparison.Ordinal)) return DateOnly.Parse(text, CultureInfo.InvariantCulture);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(input.Text("zone"));
        return DateOnly.FromDateTime(
            TimeZoneInfo.ConvertTime(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture), zone).DateTime);
    }

    private static object[] Charges(JsonElement input, string side) =>
        input.TryGetProperty(side, out var fee)
            ? [Fee(Carrier, "100000"), Fee("FEE", fee.Text("price"))]
            : [Fee(Carrier, "100000")];

    private static JsonArray Quantity(JsonElement input, string side) =>
        input.TryGetProperty(side, out var fee) ? Quantity(CaseProvider.Text(fee, "quantity", "1")) : [];

    private static JsonArray Quantity(string quantity) =>
        [new JsonObject { ["charge"] = "FEE", ["quantity"] = quantity }];

    private static decimal Sum(JsonArray lines, string kind) =>
        lines.Where(line => line!.Text("kind") == kind).Sum(line => Amount(line!, "net"));

    private static string Day(DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>At noon of the next day.</summary>
    private void At(DateOnly day) =>
        service.Clock.Set(new DateTimeOffset(day.AddDays(1), new TimeOnly(12, 0), TimeSpan.Zero));

    private readonly record struct Span(DateOnly From, DateOnly To)
    {
        public int Months => (To.Year - From.Year) * 12 + To.Month - From.Month;
    }
}
