using System.Globalization;
using ExternalServices.Domain.Contracts;

namespace ExternalServices.Domain.Tests;

/// <summary>Days, ranges and instants as tests write them.</summary>
internal static class Days
{
    public static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static DateRange Range(string start, string end) => new(Day(start), Day(end));

    public static DateTimeOffset Utc(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);

    public static TimeZoneInfo Zone(string name) => TimeZoneInfo.FindSystemTimeZoneById(name);
}
