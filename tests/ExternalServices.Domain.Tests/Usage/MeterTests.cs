using CsCheck;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Usage;
using static ExternalServices.Domain.Tests.Days;
using static ExternalServices.Domain.Tests.TestContracts;

namespace ExternalServices.Domain.Tests.Usage;

public sealed class MeterTests
{
    private static readonly InstantRange Day = new(Utc("2026-11-01T00:00Z"), Utc("2026-11-02T00:00Z"));

    private static readonly MeterEvent[] Events =
    [
        new("b", Utc("2026-11-01T18:00Z"), 7m, "ann"),
        new("a", Utc("2026-11-01T06:00Z"), 3m, "bob"),
        new("c", Utc("2026-11-01T12:00Z"), 11.5m, "ann"),
        new("before", Utc("2026-10-31T23:59Z"), 100m, "eve"),
        new("after", Utc("2026-11-02T00:00Z"), 100m, "eve"),
    ];

    [Theory]
    [InlineData(Aggregation.Sum, "21.5")]
    [InlineData(Aggregation.Count, "3")]
    [InlineData(Aggregation.Max, "11.5")]
    [InlineData(Aggregation.Last, "7")]
    [InlineData(Aggregation.Unique, "2")]
    [InlineData(Aggregation.TimeWeighted, "5.875")]
    public void A_meter_reads_the_events_of_its_period(Aggregation aggregation, string expected) =>
        Assert.Equal(Number(expected), Meter.Read(aggregation, Events, Day, levelBefore: 2m));

    [Theory]
    [InlineData(Aggregation.Sum, 0)]
    [InlineData(Aggregation.Count, 0)]
    [InlineData(Aggregation.Max, 0)]
    [InlineData(Aggregation.Last, 2)]
    [InlineData(Aggregation.Unique, 0)]
    [InlineData(Aggregation.TimeWeighted, 2)]
    public void Without_events_only_a_level_stays(Aggregation aggregation, int expected) =>
        Assert.Equal(expected, Meter.Read(aggregation, [], Day, levelBefore: 2m));

    [Fact]
    public void A_peak_below_zero_is_the_peak() =>
        Assert.Equal(-3m, Meter.Read(Aggregation.Max, [new("a", Day.Start, -3m)], Day));

    [Fact]
    public void Events_of_one_instant_go_by_their_ids()
    {
        MeterEvent[] events = [new("2", Utc("2026-11-01T12:00Z"), 5m), new("1", Utc("2026-11-01T12:00Z"), 9m)];

        Assert.Equal(5m, Meter.Read(Aggregation.Last, events, Day));
        Assert.Equal(2.5m, Meter.Read(Aggregation.TimeWeighted, events, Day));
    }

    [Fact]
    public void An_average_that_never_ends_is_rounded_at_fifteen_decimals() =>
        Assert.Equal(
            0.666666666666667m,
            Meter.Read(Aggregation.TimeWeighted, [new("a", Utc("2026-11-01T08:00Z"), 1m)], Day));

    [Fact]
    public void The_day_of_a_clock_change_is_weighted_by_its_real_length()
    {
        var day = Range("2026-10-25", "2026-10-26").In(Zone("Europe/Madrid"));
        var events = new[] { new MeterEvent("a", day.Start.AddHours(5), 25m) };

        Assert.Equal(20m, Meter.Read(Aggregation.TimeWeighted, events, day));
    }

    [Fact]
    public void A_level_counts_by_the_part_of_the_period_in_which_it_stood()
    {
        var afternoon = Day with { Start = Utc("2026-11-01T12:00Z") };

        Assert.Equal(4.625m, Meter.ReadPart(Aggregation.TimeWeighted, Events, afternoon, Day, levelBefore: 2m));
        Assert.Equal(1m, Meter.ReadPart(Aggregation.TimeWeighted, [], afternoon, Day, levelBefore: 2m));
        Assert.Equal(11.5m, Meter.ReadPart(Aggregation.Max, Events, afternoon, Day, levelBefore: 2m));
    }

    [Fact]
    public void The_order_of_arrival_never_matters() =>
        Gen.Select(
                Gen.Select(Gen.Int[0, 90_000], Gen.Int[-50, 50], Gen.Int[0, 3]).Array[0, 12],
                Gen.Enum<Aggregation>())
            .Sample((drawn, aggregation) =>
            {
                var events = drawn.Select((e, i) => EventOf(i, e.Item1, e.Item2 / 4m, $"{e.Item3}")).ToList();

                var read = Meter.Read(aggregation, events, Day);
                events.Reverse();

                Assert.Equal(read, Meter.Read(aggregation, events, Day));
            });

    [Fact]
    public void Sums_and_counts_of_parts_sum_to_the_whole() =>
        Gen.Select(Gen.Int[0, 86_399].Array[0, 20], Gen.Int[0, 86_400], Gen.Bool).Sample((seconds, cut, isSum) =>
        {
            var events = seconds.Select((s, i) => new MeterEvent($"{i}", Day.Start.AddSeconds(s), s / 7m)).ToList();
            var middle = Day.Start.AddSeconds(cut);
            var aggregation = isSum ? Aggregation.Sum : Aggregation.Count;

            var parts = Meter.Read(aggregation, events, Day with { End = middle })
                + Meter.Read(aggregation, events, Day with { Start = middle });

            Assert.Equal(Meter.Read(aggregation, events, Day), parts, precision: 12);
        });

    private static MeterEvent EventOf(int number, int second, decimal quantity, string key) =>
        new($"{number:00}", Day.Start.AddSeconds(second), quantity, key);
}
