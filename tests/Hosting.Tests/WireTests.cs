using System.Text.Json;
using ServiceMesh.Hosting.Json;
using ServiceMesh.Primitives;

namespace Hosting.Tests;

public sealed class WireTests
{
    [Theory]
    [InlineData("\"0\"", "0")]
    [InlineData("\"-12.50\"", "-12.50")]
    [InlineData("\"1234567890123456789012345.678\"", "1234567890123456789012345.678")]
    public void Decimals_are_texts_and_keep_their_scale(string json, string value)
    {
        var read = JsonSerializer.Deserialize<decimal>(json, Wire.Options);

        Assert.Equal(value, DecimalText.Format(read));
        Assert.Equal(json, JsonSerializer.Serialize(read, Wire.Options));
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("\"NaN\"")]
    [InlineData("\"Infinity\"")]
    [InlineData("\"1e5\"")]
    [InlineData("\"+1\"")]
    [InlineData("\" 1\"")]
    [InlineData("\"1,000\"")]
    [InlineData("\"1.\"")]
    [InlineData("\"\"")]
    [InlineData("\"٣\"")]
    [InlineData("\"1234567890123456789012345678901234567890\"")]
    [InlineData("\"0.12345678901234567890123456789\"")]
    [InlineData("null")]
    public void What_is_no_plain_decimal_is_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<decimal>(json, Wire.Options));

    [Theory]
    [InlineData("2026-11-23T09:30:00Z", "2026-11-23T09:30:00Z")]
    [InlineData("2026-11-23T09:30:00.123456+02:00", "2026-11-23T07:30:00.123456Z")]
    public void Instants_are_written_in_utc(string text, string written)
    {
        var read = JsonSerializer.Deserialize<DateTimeOffset>($"\"{text}\"", Wire.Options);

        Assert.Equal($"\"{written}\"", JsonSerializer.Serialize(read, Wire.Options));
    }

    [Theory]
    [InlineData("2026-11-23T09:30:00")]
    [InlineData("2026-11-23")]
    [InlineData("23/11/2026 09:30:00 +00:00")]
    [InlineData("2026-02-30T09:30:00Z")]
    public void An_instant_without_an_offset_is_refused(string text) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<DateTimeOffset>($"\"{text}\"", Wire.Options));

    [Theory]
    [InlineData("\"2026-13\"")]
    [InlineData("\"2026-1\"")]
    [InlineData("202611")]
    public void A_month_that_is_none_is_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Period>(json, Wire.Options));

    [Theory]
    [InlineData("\"ABC\"")]
    [InlineData("\"eur\"")]
    [InlineData("978")]
    public void A_currency_that_does_not_exist_is_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Currency>(json, Wire.Options));

    [Fact]
    public void Money_is_an_amount_and_a_currency() =>
        Assert.Equal(
            """{"amount":"123.45","currency":"EUR"}""",
            JsonSerializer.Serialize(new Money(123.45m, Currency.Of("EUR")), Wire.Options));
}
