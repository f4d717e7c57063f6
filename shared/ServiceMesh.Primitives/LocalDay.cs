namespace ServiceMesh.Primitives;

/// <summary>Days of a zone and the instants at which they begin.</summary>
public static class LocalDay
{
    private const int TransitionStepMinutes = 15;

    /// <summary>The day on which the instant falls in the zone.</summary>
    public static DateOnly Of(DateTimeOffset instant, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    /// <summary>
    /// The instant, in UTC, at which the day begins in the zone: where the clock jumps over midnight, when the jump ends;
    /// where midnight comes twice, the earlier one.
    /// </summary>
    public static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(TransitionStepMinutes);
        }

        var offset = zone.IsAmbiguousTime(midnight)
            ? zone.GetAmbiguousTimeOffsets(midnight).Max()
            : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset).ToUniversalTime();
    }
}
