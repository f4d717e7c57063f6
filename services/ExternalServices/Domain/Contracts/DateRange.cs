using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Contracts;

/// <summary>Local dates, half-open: the start is in it, the end is not. A day with a clock change is one day.</summary>
public readonly record struct DateRange
{
    /// <exception cref="ArgumentException">The end is before the start.</exception>
    public DateRange(DateOnly start, DateOnly end)
    {
        if (end < start)
        {
            throw new ArgumentException($"A range cannot end on {end:O}, before it starts on {start:O}.", nameof(end));
        }

        Start = start;
        End = end;
    }

    public DateOnly Start { get; }

    /// <summary>The first day that is no longer in it.</summary>
    public DateOnly End { get; }

    public int Days => End.DayNumber - Start.DayNumber;

    public bool IsEmpty => Start == End;

    /// <summary>The days of a calendar month.</summary>
    public static DateRange Of(Period month) => new(month.FirstDay, month.NextFirstDay);

    public bool Contains(DateOnly day) => Start <= day && day < End;

    /// <summary>The days that are in both; empty where there are none.</summary>
    public DateRange Intersect(DateRange other)
    {
        var start = Start > other.Start ? Start : other.Start;
        var end = End < other.End ? End : other.End;
        return end > start ? new DateRange(start, end) : new DateRange(start, start);
    }

    /// <summary>The instants, in UTC, from the start of the first day to the start of the day after the last.</summary>
    public InstantRange In(TimeZoneInfo zone) => new(LocalDay.StartOf(Start, zone), LocalDay.StartOf(End, zone));

    /// <inheritdoc/>
    public override string ToString() => $"[{Start:yyyy-MM-dd}, {End:yyyy-MM-dd})";
}

/// <summary>Instants in UTC, half-open.</summary>
public readonly record struct InstantRange(DateTimeOffset Start, DateTimeOffset End)
{
    public bool IsEmpty => Start >= End;

    /// <summary>From the local day of the start to the local day of the end, which is not in it.</summary>
    public DateRange DaysIn(TimeZoneInfo zone) => new(LocalDay.Of(Start, zone), LocalDay.Of(End, zone));
}
