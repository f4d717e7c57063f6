namespace ServiceMesh.Primitives.Tests;

public sealed class CurrencyTests
{
    [Theory]
    [InlineData("JPY", 0, "1")]
    [InlineData("CLP", 0, "1")]
    [InlineData("EUR", 2, "0.01")]
    [InlineData("USD", 2, "0.01")]
    [InlineData("KWD", 3, "0.001")]
    [InlineData("CLF", 4, "0.0001")]
    public void Knows_the_minor_unit(string code, int exponent, string unit)
    {
        var currency = Currency.Of(code);

        Assert.Equal(exponent, currency.Exponent);
        Assert.Equal(unit, currency.Format(currency.MinorUnit));
        Assert.Equal(code, currency.ToString());
    }

    [Theory]
    [InlineData("eur")]
    [InlineData("EU")]
    [InlineData("XAU")]
    [InlineData("ABC")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_not_a_currency_is_not_taken_for_one(string? code)
    {
        Assert.False(Currency.TryParse(code, out _));
        Assert.ThrowsAny<ArgumentException>(() => Currency.Of(code!));
    }

    [Theory]
    [InlineData("EUR", "2.345", "2.35")]
    [InlineData("EUR", "-2.345", "-2.35")]
    [InlineData("EUR", "2.3449999999", "2.34")]
    [InlineData("JPY", "0.5", "1")]
    [InlineData("JPY", "-0.5", "-1")]
    [InlineData("KWD", "0.0005", "0.001")]
    public void Rounds_half_away_from_zero(string code, string amount, string rounded)
    {
        var currency = Currency.Of(code);

        Assert.Equal(rounded, currency.Format(currency.Round(Amount(amount))));
        Assert.False(currency.IsWhole(Amount(amount)));
        Assert.True(currency.IsWhole(Amount(rounded)));
    }

    [Fact]
    public void An_unset_currency_cannot_be_named() =>
        Assert.Throws<InvalidOperationException>(() => default(Currency).Code);

    [Fact]
    public void Money_of_one_currency_adds_up()
    {
        var money = new Money(1.005m, Currency.Of("EUR"));

        Assert.Equal(new Money(1.01m, Currency.Of("EUR")), money.Rounded());
        Assert.Equal(Money.Zero(Currency.Of("EUR")), money - money);
        Assert.Equal(new Money(2.01m, Currency.Of("EUR")), money + money);
        Assert.Equal("-1.01 EUR", (-money).ToString());
    }

    [Fact]
    public void Money_of_two_currencies_does_not_mix()
    {
        var euros = new Money(1, Currency.Of("EUR"));
        var dollars = new Money(1, Currency.Of("USD"));

        Assert.Throws<InvalidOperationException>(() => euros + dollars);
        Assert.Throws<InvalidOperationException>(() => euros - dollars);
    }

    private static decimal Amount(string text) =>
        decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
