using ExternalServices.Domain.Contracts;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Revenue;

/// <summary>
/// How the net of an invoice line is earned over the days that it pays for: in equal parts, day by day, as a service
/// is that stands ready all the time (IFRS 15.39 and B18: time elapsed).
/// </summary>
/// <param name="Net">What was billed, less what was credited of it.</param>
/// <param name="Days">That the line pays for.</param>
/// <param name="Currency">Its minor unit is what the parts are rounded to.</param>
public sealed record RevenueSchedule(decimal Net, DateRange Days, Currency Currency)
{
    /// <summary>round(net × days to the end of the month ÷ days); all of it once the days are over.</summary>
    public decimal EarnedThrough(Period month)
    {
        var passed = Math.Clamp(month.NextFirstDay.DayNumber - Days.Start.DayNumber, 0, Days.Days);
        return passed == Days.Days
            ? Net
            : (Rational.From(Net) * new Rational(passed, Days.Days)).Round(Currency.Exponent);
    }

    /// <summary>
    /// What a month recognises: all that was earned to its end, less what earlier months have recognised. So a line's
    /// months always sum to its net, what an earlier month missed is caught up, and what was credited since is taken
    /// back.
    /// </summary>
    public decimal RecognisedIn(Period month, decimal before) => EarnedThrough(month) - before;

    /// <summary>What is still to be recognised, month by month, to the end of the days.</summary>
    /// <param name="before">What was recognised so far.</param>
    /// <param name="first">The first month that can recognise anything.</param>
    public IEnumerable<RevenuePart> Ahead(decimal before, Period first)
    {
        var start = Period.Of(Days.Start);
        for (var month = start > first ? start : first; before != Net; month = month.Next)
        {
            var amount = RecognisedIn(month, before);
            if (amount != 0) yield return new RevenuePart(month, amount);
            before += amount;
        }
    }
}

/// <summary>Revenue of one month.</summary>
public sealed record RevenuePart(Period Month, decimal Amount);
