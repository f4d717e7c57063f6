using InternalServices.Domain.Chargeback.CostImports;
using ServiceMesh.Primitives;

namespace InternalServices.Domain.Tests.Chargeback;

public sealed class DatedRateTests
{
    private static readonly Period October = new(2026, 10);

    [Fact]
    public void The_rate_of_a_month_is_the_one_that_holds_on_its_last_day()
    {
        DatedRate[] rates = [Rate("2026-11-01", 3), Rate("2026-10-31", 2), Rate("2026-09-15", 1)];
        Assert.Equal(2, DatedRate.Of(rates, October)!.Rate);
        Assert.Equal(1, DatedRate.Of(rates, October.Previous)!.Rate);
        Assert.Null(DatedRate.Of(rates, October.Previous.Previous));
    }

    [Theory]
    [InlineData("9999999999999.999999999999999", "0.5", "4999999999999.999999999999999500")]
    [InlineData("0.000000000000001", "0.5", "0.000000000000001")]
    [InlineData("-0.000000000000001", "0.5", "-0.000000000000001")]
    [InlineData("0.000000000000001", "0.499999999999", "0")]
    [InlineData("3.141592653589793", "1.234567890123", "3.878509413968268")]
    public void Conversion_rounds_once_at_fifteen_decimals(string amount, string rate, string expected) => Assert.Equal(
        decimal.Round(Parse(expected), 15, MidpointRounding.AwayFromZero),
        Rate("2026-10-01", Parse(rate)).Convert(Parse(amount)));

    private static decimal Parse(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static DatedRate Rate(string day, decimal rate) => new()
    {
        Currency = Currency.Of("EUR"),
        Day = DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        Rate = rate,
    };
}
