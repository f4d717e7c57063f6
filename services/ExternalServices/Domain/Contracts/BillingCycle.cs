using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Contracts;

/// <summary>
/// The billing periods of a contract: whole months counted from an anchor day, in the customer's zone. An anchor on the
/// 31st falls on the last day of shorter months, and comes back to the 31st afterwards.
/// </summary>
/// <param name="Start">The first day of the contract.</param>
/// <param name="Anchor">
/// A day on which a period begins; on the contract's start unless customers share a billing day.
/// </param>
/// <param name="End">The first day that is no longer in the contract; null while it runs.</param>
/// <param name="Months">Length of a period, at least 1: 3 for quarters, 12 for years.</param>
public sealed record BillingCycle(DateOnly Start, DateOnly Anchor, DateOnly? End = null, int Months = 1)
{
    public int Months { get; init; } =
        Months >= 1 ? Months : throw new ArgumentOutOfRangeException(nameof(Months), Months, "At least one month.");

    /// <summary>Periods anchored on the contract's first day.</summary>
    public static BillingCycle From(DateOnly start, DateOnly? end = null, int months = 1) =>
        new(start, start, end, months);

    /// <summary>The period that contains the day; null before the contract's start and after its end.</summary>
    public BillingPeriod? Containing(DateOnly day)
    {
        if (day < Start || day >= End)
        {
            return null;
        }

        var number = NumberOf(day);
        var full = new DateRange(StartOf(number), StartOf(number + 1));
        return new BillingPeriod(full.Intersect(new DateRange(Start, End ?? full.End)), full);
    }

    /// <summary>The periods that share at least a day with the range, in order.</summary>
    public IEnumerable<BillingPeriod> Overlapping(DateRange range)
    {
        var day = range.Start > Start ? range.Start : Start;
        while (day < range.End && Containing(day) is { } period)
        {
            yield return period;
            day = period.Served.End;
        }
    }

    /// <summary>The periods whose first served day is in the month.</summary>
    public IEnumerable<BillingPeriod> StartingIn(Period month) =>
        Overlapping(DateRange.Of(month)).Where(period => Period.Of(period.Served.Start) == month);

    /// <summary>The periods whose last served day is in the month.</summary>
    public IEnumerable<BillingPeriod> EndingIn(Period month) =>
        Overlapping(DateRange.Of(month)).Where(period => Period.Of(period.Served.End.AddDays(-1)) == month);

    private int NumberOf(DateOnly day)
    {
        var months = (day.Year - Anchor.Year) * 12 + day.Month - Anchor.Month;
        var number = months / Months;
        return day < StartOf(number) ? number - 1 : number;
    }

    private DateOnly StartOf(int number) => Anchor.AddMonths(number * Months);
}

/// <summary>One billing period of a contract.</summary>
/// <param name="Served">The days in which the contract ran; all of them unless it began or ended inside.</param>
/// <param name="Full">The days that a full price is for.</param>
public readonly record struct BillingPeriod(DateRange Served, DateRange Full)
{
    public bool IsFull => Served == Full;
}
