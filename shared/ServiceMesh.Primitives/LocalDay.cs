namespace ServiceMesh.Primitives;

/// <summary>Days of a zone and the instants at which they begin. A day ends when the next one begins.</summary>
/// <remarks>
/// Only offsets at instants are asked of the zone: its answers about local times are wrong around some transitions at
/// midnight (Amman 2016, Asunción 2017).
/// </remarks>
public static class LocalDay
{
    /// <summary>The day on which the instant falls in the zone.</summary>
    public static DateOnly Of(DateTimeOffset instant, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var day = DateOnly.FromDateTime(Local(instant, zone));

        // A clock set back over midnight shows a day again that has already ended.
        var wasSetBack = zone.GetUtcOffset(instant.AddDays(-1)) > zone.GetUtcOffset(instant);
        return wasSetBack && StartOf(day.AddDays(1), zone) <= instant ? day.AddDays(1) : day;
    }

    /// <summary>
    /// The instant, in UTC, at which the day begins in the zone: where the clock jumps over midnight, when the jump
    /// ends; where midnight comes twice, the earlier one.
    /// </summary>
    public static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        var inUtc = new DateTimeOffset(midnight, TimeSpan.Zero);
        var before = zone.GetUtcOffset(inUtc.AddDays(-1));
        var after = zone.GetUtcOffset(inUtc.AddDays(1));
        var earliest = inUtc - (before > after ? before : after);
        var latest = inUtc - (before > after ? after : before);
        return Local(earliest, zone) == midnight ? earliest
            : Local(latest, zone) == midnight ? latest
            : EndOfJump(midnight, zone, earliest, latest);
    }

    /// <summary>The first second that is not before midnight there; transitions happen at whole seconds.</summary>
    private static DateTimeOffset EndOfJump(
        DateTime midnight, TimeZoneInfo zone, DateTimeOffset earliest, DateTimeOffset latest)
    {
        var (before, notBefore) = (earliest.ToUnixTimeSeconds(), latest.ToUnixTimeSeconds());
        while (notBefore - before > 1)
        {
            var middle = (before + notBefore) / 2;
            if (Local(DateTimeOffset.FromUnixTimeSeconds(middle), zone) < midnight)
            {
                before = middle;
            }
            else
            {
                notBefore = middle;
            }
        }

        return DateTimeOffset.FromUnixTimeSeconds(notBefore);
    }

    private static DateTime Local(DateTimeOffset instant, TimeZoneInfo zone) =>
        DateTime.SpecifyKind(instant.UtcDateTime + zone.GetUtcOffset(instant), DateTimeKind.Unspecified);
}
