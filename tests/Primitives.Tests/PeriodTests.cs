using System.Globalization;
using CsCheck;

namespace ServiceMesh.Primitives.Tests;

public sealed class PeriodTests
{
    /// <summary>Zones whose clocks change at, around and far from midnight, with whole and broken offsets.</summary>
    private static readonly string[] Zones =
    [
        "Etc/UTC", "Europe/Madrid", "America/New_York", "America/St_Johns", "America/Havana", "America/Asuncion",
        "Asia/Amman", "Asia/Kathmandu", "Africa/Cairo", "Pacific/Apia", "Pacific/Chatham", "Australia/Lord_Howe",
    ];

    private static readonly Gen<DateTimeOffset> Instants = Gen.Long[
        new DateTimeOffset(1990, 1, 2, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(),
        new DateTimeOffset(2199, 12, 30, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds()]
        .Select(DateTimeOffset.FromUnixTimeSeconds);

    [Theory]
    [InlineData("2026-11")]
    [InlineData("1990-01")]
    [InlineData("2199-12")]
    public void Is_read_as_it_is_written(string month) => Assert.Equal(month, Period.Parse(month).ToString());

    [Theory]
    [InlineData("2026-13")]
    [InlineData("2026-00")]
    [InlineData("2026-1")]
    [InlineData("2026-11-01")]
    [InlineData("1989-12")]
    [InlineData("2200-01")]
    [InlineData(" 2026-11")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_not_a_month_is_refused(string? month)
    {
        Assert.False(Period.TryParse(month, null, out _));
        Assert.Throws<FormatException>(() => Period.Parse(month!));
    }

    [Theory]
    [InlineData(1989, 12)]
    [InlineData(2200, 1)]
    [InlineData(2026, 0)]
    [InlineData(2026, 13)]
    public void Out_of_range_is_refused(int year, int month) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Period(year, month));

    [Fact]
    public void Months_follow_one_another_over_the_year()
    {
        var december = new Period(2026, 12);

        Assert.Equal(new Period(2027, 1), december.Next);
        Assert.Equal(december, december.Next.Previous);
        Assert.True(december < december.Next && december.Next > december);
        Assert.Equal(new DateOnly(2027, 1, 1), december.NextFirstDay);
    }

    [Theory]
    [InlineData("2026-10", "Europe/Madrid", "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z", 745)]
    [InlineData("2026-03", "Europe/Madrid", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z", 743)]
    [InlineData("2024-02", "America/New_York", "2024-02-01T05:00:00Z", "2024-03-01T05:00:00Z", 696)]
    [InlineData("2026-11", "Asia/Kathmandu", "2026-10-31T18:15:00Z", "2026-11-30T18:15:00Z", 720)]
    [InlineData("2011-12", "Pacific/Apia", "2011-12-01T10:00:00Z", "2011-12-31T10:00:00Z", 720)]
    public void Starts_and_ends_at_midnight_of_its_zone(string month, string zone, string start, string end, int hours)
    {
        var period = Period.Parse(month);

        Assert.Equal(Instant(start), period.Start(Zone(zone)));
        Assert.Equal(Instant(end), period.End(Zone(zone)));
        Assert.Equal(hours, (period.End(Zone(zone)) - period.Start(Zone(zone))).TotalHours);
    }

    [Theory]
    [InlineData("2016-04", "Asia/Amman", "2016-03-31T22:00:00Z")] // 00:00 to 01:00 did not exist
    [InlineData("2017-10", "America/Asuncion", "2017-10-01T04:00:00Z")] // neither did it here
    [InlineData("2015-11", "America/Havana", "2015-11-01T04:00:00Z")] // 00:00 to 01:00 came twice: the first
    [InlineData("2009-11", "America/St_Johns", "2009-11-01T02:30:00Z")] // 00:01 became 23:01: the first midnight
    public void Starts_once_where_the_clock_changes_at_midnight(string month, string zone, string start) =>
        Assert.Equal(Instant(start), Period.Parse(month).Start(Zone(zone)));

    [Fact]
    public void Holds_the_instants_of_its_interval_and_no_others() =>
        Gen.Select(Instants, Gen.OneOf(Zones)).Sample((instant, zone) =>
        {
            var period = Period.Of(instant, Zone(zone));
            return period.Start(Zone(zone)) <= instant && instant < period.End(Zone(zone));
        });

    [Fact]
    public void Holds_every_minute_around_a_clock_set_back_over_the_end_of_the_month()
    {
        var zone = Zone("America/St_Johns");
        var november = new Period(2009, 11);
        for (var minutes = -180; minutes <= 180; minutes++)
        {
            var instant = november.Start(zone).AddMinutes(minutes);
            Assert.Equal(minutes < 0 ? november.Previous : november, Period.Of(instant, zone));
        }
    }

    [Fact]
    public void Months_leave_no_gap() =>
        Gen.Select(Gen.Int[1990, 2198], Gen.Int[1, 12], Gen.OneOf(Zones)).Sample((year, month, zone) =>
            new Period(year, month).End(Zone(zone)) == new Period(year, month).Next.Start(Zone(zone)));

    private static TimeZoneInfo Zone(string id) => TimeZoneInfo.FindSystemTimeZoneById(id);

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
