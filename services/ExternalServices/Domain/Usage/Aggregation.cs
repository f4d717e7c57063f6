using System.Numerics;
using ExternalServices.Domain.Contracts;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Usage;

/// <summary>How a meter makes one quantity of the events of a period.</summary>
public enum Aggregation
{
    /// <summary>Σ quantity.</summary>
    Sum,

    /// <summary>The number of events.</summary>
    Count,

    /// <summary>The largest quantity; 0 without events.</summary>
    Max,

    /// <summary>The quantity of the latest event; what stood before the period, or 0, without events.</summary>
    Last,

    /// <summary>The number of different keys.</summary>
    Unique,

    /// <summary>
    /// The quantity as a level that each event sets until the next one: Σ level × seconds ÷ seconds of the full billing
    /// period, so that a level held for half of it counts by half.
    /// </summary>
    TimeWeighted,
}

/// <summary>One usage event that is neither void nor replaced.</summary>
/// <param name="Id">Decides the order of events of the same instant.</param>
/// <param name="At">When the use happened.</param>
/// <param name="Quantity">What was used, or the level that was reached.</param>
/// <param name="Key">What <see cref="Aggregation.Unique"/> counts, for example a user; null counts as one key.</param>
public sealed record MeterEvent(string Id, DateTimeOffset At, decimal Quantity, string? Key = null);

/// <summary>Makes one quantity of the events of a period, whatever the order in which they came.</summary>
public static class Meter
{
    /// <summary>Decimals of a quantity in the books.</summary>
    public const int QuantityDecimals = 15;

    /// <summary>The quantity of a period.</summary>
    /// <param name="aggregation">How the meter counts.</param>
    /// <param name="events">In any order; those outside the period do not count.</param>
    /// <param name="period">Not empty; its end is not in it.</param>
    /// <param name="levelBefore">The level at the start, for last and time-weighted meters.</param>
    /// <returns>Exact, or rounded half away from zero at fifteen decimals where it is a quotient.</returns>
    public static decimal Read(
        Aggregation aggregation, IEnumerable<MeterEvent> events, InstantRange period, decimal levelBefore = 0)
    {
        ArgumentNullException.ThrowIfNull(events);
        var counted = events.Where(e => period.Start <= e.At && e.At < period.End).ToList();
        return aggregation switch
        {
            Aggregation.Sum => counted.Sum(e => e.Quantity),
            Aggregation.Count => counted.Count,
            Aggregation.Max => counted.Select(e => e.Quantity).DefaultIfEmpty(0).Max(),
            Aggregation.Last => InOrder(counted).LastOrDefault()?.Quantity ?? levelBefore,
            Aggregation.Unique => counted.Select(e => e.Key).Distinct(StringComparer.Ordinal).Count(),
            Aggregation.TimeWeighted => AverageLevel(InOrder(counted), period, levelBefore),
        };
    }

    /// <summary>The quantity of a part of a period, such as the days before a contract ended.</summary>
    /// <param name="aggregation">How the meter counts.</param>
    /// <param name="events">In any order; those outside the part do not count.</param>
    /// <param name="part">Within the period.</param>
    /// <param name="period">Over which levels are averaged.</param>
    /// <param name="levelBefore">The level at the start of the part.</param>
    public static decimal ReadPart(
        Aggregation aggregation,
        IEnumerable<MeterEvent> events,
        InstantRange part,
        InstantRange period,
        decimal levelBefore = 0)
    {
        if (aggregation != Aggregation.TimeWeighted) return Read(aggregation, events, part, levelBefore);
        var counted = events.Where(e => part.Start <= e.At && e.At < part.End);
        var (from, until) = (new MeterEvent("", part.Start, levelBefore), new MeterEvent("", part.End, 0));
        return Read(aggregation, [from, .. counted, until], period);
    }

    private static IEnumerable<MeterEvent> InOrder(List<MeterEvent> events) =>
        events.OrderBy(e => e.At).ThenBy(e => e.Id, StringComparer.Ordinal);

    private static decimal AverageLevel(IEnumerable<MeterEvent> events, InstantRange period, decimal levelBefore)
    {
        var (area, level, since) = (Rational.Zero, levelBefore, period.Start);
        foreach (var e in events)
        {
            area += Area(level, since, e.At);
            (level, since) = (e.Quantity, e.At);
        }

        area += Area(level, since, period.End);
        return (area / new Rational((period.End - period.Start).Ticks, BigInteger.One)).Round(QuantityDecimals);
    }

    private static Rational Area(decimal level, DateTimeOffset from, DateTimeOffset to) =>
        Rational.From(level) * new Rational((to - from).Ticks, BigInteger.One);
}
