using CsCheck;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Revenue;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Tests.Revenue;

public sealed class RevenueScheduleTests
{
    private static readonly Currency Eur = Currency.Of("EUR");

    [Theory]
    [InlineData("2025-12", "0")]
    [InlineData("2026-01", "31")]
    [InlineData("2026-02", "59")]
    [InlineData("2026-12", "365")]
    [InlineData("2027-06", "365")]
    public void A_yearly_fee_is_earned_by_day(string month, string earned) =>
        Assert.Equal(
            decimal.Parse(earned, System.Globalization.CultureInfo.InvariantCulture),
            Of(365, "2026-01-01", "2027-01-01").EarnedThrough(Period.Parse(month)));

    [Fact]
    public void Parts_are_rounded_as_they_add_up()
    {
        var parts = Of(100, "2026-01-01", "2026-04-01").Ahead(0, Period.Parse("2026-01"));
        Assert.Equal([34.44m, 31.12m, 34.44m], parts.Select(part => part.Amount));
    }

    [Fact]
    public void A_month_catches_up_what_was_missed_and_takes_back_what_was_credited()
    {
        var schedule = Of(90, "2026-01-01", "2026-04-01");
        var march = Period.Parse("2026-03");
        Assert.Equal([new RevenuePart(march, 90)], schedule.Ahead(0, march));
        var credited = schedule with { Net = 0 };
        var february = Period.Parse("2026-02");
        Assert.Equal([new RevenuePart(february, -31)], credited.Ahead(31, february));
        Assert.Equal(-31, credited.RecognisedIn(february, 31));
    }

    [Fact]
    public void Whatever_the_months_they_sum_to_the_net() =>
        Gen.Select(Gen.Int[-10_000_000, 10_000_000], Gen.Int[0, 800], Gen.Int[1, 800], Gen.Int[0, 40])
            .Sample((cents, offset, days, skipped) =>
            {
                var start = new DateOnly(2025, 1, 1).AddDays(offset);
                var schedule = new RevenueSchedule(cents / 100m, new DateRange(start, start.AddDays(days)), Eur);
                var first = Period.Of(start.AddMonths(skipped));
                var parts = schedule.Ahead(0, first).ToList();
                return parts.Sum(part => part.Amount) == schedule.Net
                    && parts.All(part => part.Month >= first && Eur.IsWhole(part.Amount))
                    && parts.All(part => decimal.Sign(part.Amount) == decimal.Sign(schedule.Net));
            });

    private static RevenueSchedule Of(decimal net, string from, string to) => new(
        net,
        new DateRange(
            DateOnly.ParseExact(from, "O", System.Globalization.CultureInfo.InvariantCulture),
            DateOnly.ParseExact(to, "O", System.Globalization.CultureInfo.InvariantCulture)),
        Eur);
}
