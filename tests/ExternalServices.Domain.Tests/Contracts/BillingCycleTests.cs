using ExternalServices.Domain.Contracts;
using ServiceMesh.Primitives;
using static ExternalServices.Domain.Tests.Days;

namespace ExternalServices.Domain.Tests.Contracts;

public sealed class BillingCycleTests
{
    [Theory]
    [InlineData("2026-01-31", "2026-02-15", "2026-01-31", "2026-02-28")]
    [InlineData("2026-01-31", "2026-02-28", "2026-02-28", "2026-03-31")]
    [InlineData("2026-01-31", "2026-03-31", "2026-03-31", "2026-04-30")]
    [InlineData("2024-01-31", "2024-02-28", "2024-01-31", "2024-02-29")]
    [InlineData("2024-02-29", "2025-02-28", "2025-02-28", "2025-03-29")]
    [InlineData("2026-11-01", "2026-11-30", "2026-11-01", "2026-12-01")]
    [InlineData("2026-12-15", "2027-01-14", "2026-12-15", "2027-01-15")]
    public void A_period_is_anchored_on_the_day_of_the_contract(string start, string day, string from, string to)
    {
        var period = BillingCycle.From(Day(start)).Containing(Day(day));

        Assert.Equal(Range(from, to), period?.Full);
        Assert.True(period?.IsFull);
    }

    [Theory]
    [InlineData("2026-01-31", "2026-04-30", 3, "2026-04-30", "2026-07-31")]
    [InlineData("2024-02-29", "2025-03-01", 12, "2025-02-28", "2026-02-28")]
    [InlineData("2024-02-29", "2028-02-29", 12, "2028-02-29", "2029-02-28")]
    public void Longer_periods_keep_the_day_too(string start, string day, int months, string from, string to) =>
        Assert.Equal(
            Range(from, to), BillingCycle.From(Day(start), months: months).Containing(Day(day))?.Full);

    [Fact]
    public void A_period_is_at_least_a_month_long() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BillingCycle.From(Day("2026-01-31"), months: 0));

    [Fact]
    public void Every_day_of_a_contract_is_in_exactly_one_period()
    {
        var cycle = new BillingCycle(Day("2023-11-17"), Anchor: Day("2024-01-31"), End: Day("2026-03-12"));

        var periods = cycle.Overlapping(Range("2020-01-01", "2030-01-01")).ToList();

        Assert.Equal(Day("2023-11-17"), periods[0].Served.Start);
        Assert.Equal(Day("2026-03-12"), periods[^1].Served.End);
        Assert.All(periods.Zip(periods.Skip(1)), pair => Assert.Equal(pair.First.Served.End, pair.Second.Served.Start));
        Assert.All(periods, period => Assert.False(period.Served.IsEmpty));
    }

    [Fact]
    public void A_shared_billing_day_makes_a_short_first_period()
    {
        var period = new BillingCycle(Day("2026-11-15"), Anchor: Day("2026-12-01")).Containing(Day("2026-11-20"));

        Assert.Equal(Range("2026-11-15", "2026-12-01"), period?.Served);
        Assert.Equal(Range("2026-11-01", "2026-12-01"), period?.Full);
        Assert.False(period?.IsFull);
    }

    [Fact]
    public void A_short_first_period_starts_in_the_month_in_which_the_contract_does()
    {
        var cycle = new BillingCycle(Day("2026-11-05"), Anchor: Day("2026-11-15"));

        Assert.Empty(cycle.StartingIn(new Period(2026, 10)));
        Assert.Equal(
            ["[2026-11-05, 2026-11-15)", "[2026-11-15, 2026-12-15)"],
            cycle.StartingIn(new Period(2026, 11)).Select(period => $"{period.Served}"));
    }

    [Theory]
    [InlineData("2026-10-31")]
    [InlineData("2026-12-20")]
    public void There_is_no_period_outside_the_contract(string day) =>
        Assert.Null(BillingCycle.From(Day("2026-11-01"), Day("2026-12-20")).Containing(Day(day)));

    [Fact]
    public void Periods_that_end_in_a_month_include_the_last_day_of_it()
    {
        var calendar = BillingCycle.From(Day("2026-01-01"));
        var fifteenth = BillingCycle.From(Day("2026-01-15"), end: Day("2026-11-20"));

        Assert.Equal(["[2026-11-01, 2026-12-01)"], Ending(calendar));
        Assert.Equal(["[2026-10-15, 2026-11-15)", "[2026-11-15, 2026-11-20)"], Ending(fifteenth));
        Assert.Equal(
            ["[2026-11-15, 2026-11-20)"],
            fifteenth.StartingIn(new Period(2026, 11)).Select(period => $"{period.Served}"));
    }

    [Fact]
    public void The_instants_of_a_period_follow_the_clock_of_the_zone()
    {
        var zone = Zone("Europe/Madrid");

        var march = Range("2026-03-01", "2026-04-01").In(zone);

        Assert.Equal(Utc("2026-02-28T23:00Z"), march.Start);
        Assert.Equal(Utc("2026-03-31T22:00Z"), march.End);
        Assert.Equal(TimeSpan.FromHours(31 * 24 - 1), march.End - march.Start);
    }

    [Fact]
    public void A_day_whose_midnight_does_not_exist_starts_when_the_jump_ends()
    {
        var zone = Zone("Africa/Cairo");

        var day = Range("2026-04-24", "2026-04-25").In(zone);

        Assert.Equal(Utc("2026-04-23T22:00Z"), day.Start);
        Assert.Equal(TimeSpan.FromHours(23), day.End - day.Start);
    }

    private static IEnumerable<string> Ending(BillingCycle cycle) =>
        cycle.EndingIn(new Period(2026, 11)).Select(period => $"{period.Served}");
}
