using System.Globalization;

namespace ExternalServices.Api.Tests.Contracts;

/// <summary>Changes on days that calendars make hard: clock changes, leap days, months without a 31st.</summary>
public sealed class AmendmentCalendarTests(MovableService service) : IClassFixture<MovableService>
{
    /// <summary>
    /// From the day on the fee is 620.00 instead of 310.00 and a unit 0.10 instead of 0.25: of 100 units the second
    /// before the day begins and 100 when it does. A day is a day, however many hours it has.
    /// </summary>
    [Theory]
    [InlineData("Europe/Madrid", "2026-03-01", "2026-03-29", "2026-03-28T23:00:00Z", "2026-04-01", "-30.00", "60.00")]
    [InlineData("Europe/Madrid", "2026-03-01", "2026-03-30", "2026-03-29T22:00:00Z", "2026-04-01", "-20.00", "40.00")]
    [InlineData(
        "America/New_York", "2026-10-15", "2026-11-01", "2026-11-01T04:00:00Z", "2026-11-15", "-140.00", "280.00")]
    [InlineData(
        "America/New_York", "2026-10-15", "2026-11-02", "2026-11-02T05:00:00Z", "2026-11-15", "-130.00", "260.00")]
    [InlineData("Africa/Cairo", "2026-04-10", "2026-04-24", "2026-04-23T22:00:00Z", "2026-05-10", "-165.33", "330.67")]
    [InlineData("Europe/Madrid", "2024-01-31", "2024-02-20", "2024-02-19T23:00:00Z", "2024-02-29", "-96.21", "192.41")]
    [InlineData("Europe/Madrid", "2024-02-29", "2024-03-10", "2024-03-09T23:00:00Z", "2024-03-29", "-203.10", "406.21")]
    [InlineData("Europe/Madrid", "2024-02-15", "2024-02-29", "2024-02-28T23:00:00Z", "2024-03-15", "-160.34", "320.69")]
    [InlineData("Asia/Tokyo", "2026-01-31", "2026-02-10", "2026-02-09T15:00:00Z", "2026-02-28", "-199.29", "398.57")]
    public async Task A_change_is_billed_as_previewed_by_the_days_of_the_customers_zone(
        string zone, string start, string on, string midnight, string end, string credit, string charge)
    {
        var begins = DateTimeOffset.Parse(midnight, CultureInfo.InvariantCulture);
        service.Clock.Set(begins.AddHours(30));
        var contract = await AmendedContract.Sign(service, start, zone: zone);
        await contract.World.Record(
            contract.World.Usage("before", $"{begins.AddSeconds(-1):O}", "100"),
            contract.World.Usage("from", $"{begins:O}", "100"));
        await contract.World.Bill(start[..7]);

        var body = $$"""{"on":"{{on}}","planVersion":2}""";
        string[] lines = [$"changeCredit BASE {on}..{end} {credit}", $"changeCharge BASE {on}..{end} {charge}"];
        await contract.Previews("changes", body, lines);
        await contract.Do("changes", body);

        service.Clock.Set(begins.AddDays(45));
        await contract.World.Bill(MonthBefore(end));
        var invoice = (await contract.World.Invoices())[^1]!;
        Assert.Equal(lines, await contract.Lines(invoice, changed: true));
        Assert.Equal(
            [$"STORAGE {start}..{on} 25.00", $"STORAGE {on}..{end} 10.00"],
            from line in await contract.Lines(invoice, changed: false) where line.StartsWith('S') select line);
    }

    /// <summary>In the 29 days from 2024-01-31 to the leap day, which begins the next period.</summary>
    [Theory]
    [InlineData("pause", """{"on":"2024-02-20"}""", "changeCredit BASE 2024-02-20..2024-02-29 -96.21")]
    [InlineData(
        "pause", """{"on":"2024-02-20","until":"2024-02-29"}""", "changeCredit BASE 2024-02-20..2024-02-29 -96.21")]
    [InlineData("cancel", """{"on":"2024-02-28"}""", "changeCredit BASE 2024-02-28..2024-02-29 -10.69")]
    [InlineData("cancel", """{"on":"2024-02-29"}""")]
    [InlineData("changes", """{"on":"2024-02-29","planVersion":2}""")]
    public async Task A_leap_day_begins_the_period_after_one_from_the_31st(
        string operation, string body, params string[] lines)
    {
        service.Clock.Set(new DateTimeOffset(2024, 2, 21, 12, 0, 0, TimeSpan.Zero));
        var contract = await AmendedContract.Sign(service, "2024-01-31");
        await contract.World.Record(contract.World.Usage("1", "2024-02-10T12:00:00Z", "1000"));
        await contract.World.Bill("2024-01");
        await contract.Previews(operation, body, lines);
        await contract.Do(operation, body);

        service.Clock.Set(new DateTimeOffset(2024, 3, 5, 12, 0, 0, TimeSpan.Zero));
        await contract.World.Bill("2024-02");
        var invoice = (await contract.World.Invoices())[^1]!;
        Assert.Equal(lines, await contract.Lines(invoice, changed: true));
    }

    private static string MonthBefore(string end) =>
        DateOnly.Parse(end, CultureInfo.InvariantCulture).AddDays(-1).ToString("yyyy-MM", CultureInfo.InvariantCulture);
}
