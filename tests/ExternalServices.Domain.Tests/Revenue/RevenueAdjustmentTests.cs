using CsCheck;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Revenue;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Tests.Revenue;

public sealed class RevenueAdjustmentTests
{
    private static readonly Currency Eur = Currency.Of("EUR");

    private static readonly DateRange Year = new(new DateOnly(2026, 1, 1), new DateOnly(2027, 1, 1));

    [Fact]
    public void A_credit_takes_back_what_the_days_so_far_have_earned_of_it()
    {
        var half = new RevenueAdjustment(1200, 600, Year, Eur);
        Assert.Equal(-96.98m, half.In(Period.Parse("2026-02"), 0));
        Assert.Equal(-50.96m, half.In(Period.Parse("2026-03"), -96.98m));
    }

    [Fact]
    public void A_true_up_adds_all_of_itself_once_its_days_are_over() =>
        Assert.Equal(65, new RevenueAdjustment(0, 65, Year, Eur).In(Period.Parse("2027-02"), 0));

    [Fact]
    public void Contract_and_adjustments_are_what_the_days_earn_of_what_stands() =>
        Gen.Select(Gen.Int[1, 400_000], Gen.Int[0, 400_000].Array[12]).Sample((cents, standing) =>
        {
            var (told, adjusted) = (cents / 100m, 0m);
            for (var i = 0; i < standing.Length; i++)
            {
                var (month, stands) = (new Period(2026, i + 1), Math.Min(cents, standing[i]) / 100m);
                adjusted += new RevenueAdjustment(told, stands, Year, Eur).In(month, adjusted);
                Assert.Equal(Earned(stands, month), Earned(told, month) + adjusted);
            }
        });

    private static decimal Earned(decimal net, Period month) =>
        new RevenueSchedule(net, Year, Eur).EarnedThrough(month);
}
