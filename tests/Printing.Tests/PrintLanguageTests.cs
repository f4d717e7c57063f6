using ServiceMesh.Primitives;
using ServiceMesh.Printing;

namespace Printing.Tests;

public sealed class PrintLanguageTests
{
    private static readonly PrintLanguage En = PrintLanguage.English;
    private static readonly PrintLanguage Es = PrintLanguage.Spanish;

    [Theory]
    [InlineData("1234567.5", "USD", "1,234,567.50 USD", "1.234.567,50 USD")]
    [InlineData("-0.005", "EUR", "-0.01 EUR", "-0,01 EUR")]
    [InlineData("1234.4", "JPY", "1,234 JPY", "1.234 JPY")]
    [InlineData("0.1235", "KWD", "0.124 KWD", "0,124 KWD")]
    public void Money_has_the_decimals_of_its_currency(string amount, string currency, string english, string spanish)
    {
        var money = new Money(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), Currency.Of(currency));
        Assert.Equal((english, spanish), (En.Format(money), Es.Format(money)));
    }

    [Fact]
    public void Numbers_have_the_decimals_that_they_have()
    {
        Assert.Equal(("1,234.5", "1.234,5"), (En.Format(1234.500m), Es.Format(1234.500m)));
        Assert.Equal("0.000000000000001", En.Format(0.000000000000001m));
        Assert.Equal(("33.33%", "33,33 %"), (En.FormatPercentage(1m / 3), Es.FormatPercentage(1m / 3)));
        Assert.Equal(("100%", "0 %"), (En.FormatPercentage(1), Es.FormatPercentage(0)));
    }

    [Fact]
    public void Days_and_months_are_written_out()
    {
        var day = new DateOnly(2026, 10, 1);
        Assert.Equal(("1 October 2026", "1 de octubre de 2026"), (En.Format(day), Es.Format(day)));
        Assert.Equal(("October 2026", "octubre de 2026"), (En.Format(Period.Of(day)), Es.Format(Period.Of(day))));
    }

    [Theory]
    [InlineData(null, "en")]
    [InlineData("", "en")]
    [InlineData("de, fr;q=0.9", "en")]
    [InlineData("es", "es")]
    [InlineData("es-MX,es;q=0.9,en;q=0.8", "es")]
    [InlineData("en;q=0.4, es;q=0.8", "es")]
    [InlineData("de, en;q=0.5, es;q=0.2", "en")]
    [InlineData("es;q=0, en;q=0.1", "en")]
    [InlineData("es;q=much", "en")]
    public void The_best_liked_language_is_taken(string? header, string code) => Assert.Equal(code, PrintLanguage.Of(header).Code);
}
