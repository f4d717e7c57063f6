using System.Globalization;

namespace ServiceMesh.Primitives;

/// <summary>A calendar month, as <c>2026-11</c>. Its instants depend on the zone it is a month of.</summary>
public readonly record struct Period : IComparable<Period>, IParsable<Period>
{
    private const int EarliestYear = 1990;
    private const int LatestYear = 2199;

    private readonly int _months;

    /// <param name="year">From 1990 to 2199.</param>
    /// <param name="month">From 1 to 12.</param>
    /// <exception cref="ArgumentOutOfRangeException">The year or month is outside its range.</exception>
    public Period(int year, int month)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(year, EarliestYear);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(year, LatestYear);
        ArgumentOutOfRangeException.ThrowIfLessThan(month, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(month, 12);
        _months = year * 12 + month - 1;
    }

    public int Year => _months / 12;

    public int Month => _months % 12 + 1;

    public DateOnly FirstDay => new(Year, Month, 1);

    /// <summary>The first day that is no longer in the month.</summary>
    public DateOnly NextFirstDay => FirstDay.AddMonths(1);

    public Period Next => Of(NextFirstDay);

    public Period Previous => Of(FirstDay.AddMonths(-1));

    public static Period Of(DateOnly day) => new(day.Year, day.Month);

    /// <summary>The month in which the instant falls in the zone.</summary>
    public static Period Of(DateTimeOffset instant, TimeZoneInfo zone) =>
        Of(LocalDay.Of(instant, zone));

    /// <summary>The instant at which the month begins in the zone.</summary>
    public DateTimeOffset Start(TimeZoneInfo zone) => LocalDay.StartOf(FirstDay, zone);

    /// <summary>The instant at which the next month begins in the zone: the month is half-open.</summary>
    public DateTimeOffset End(TimeZoneInfo zone) => LocalDay.StartOf(NextFirstDay, zone);

    /// <exception cref="FormatException">The text is not a month such as <c>2026-11</c>.</exception>
    public static Period Parse(string text) =>
        TryParse(text, null, out var period)
            ? period
            : throw new FormatException($"'{text}' is not a month such as 2026-11.");

    /// <summary>The same, whatever the culture.</summary>
    static Period IParsable<Period>.Parse(string s, IFormatProvider? provider) => Parse(s);

    public static bool TryParse(string? s, IFormatProvider? provider, out Period result)
    {
        result = default;
        if (!DateOnly.TryParseExact(s, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            || day.Year is < EarliestYear or > LatestYear)
        {
            return false;
        }

        result = Of(day);
        return true;
    }

    public int CompareTo(Period other) => _months.CompareTo(other._months);

    public static bool operator <(Period left, Period right) => left._months < right._months;

    public static bool operator >(Period left, Period right) => left._months > right._months;

    public static bool operator <=(Period left, Period right) => left._months <= right._months;

    public static bool operator >=(Period left, Period right) => left._months >= right._months;

    /// <inheritdoc/>
    public override string ToString() => FirstDay.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}
