using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ServiceMesh.Primitives;

namespace ServiceMesh.Hosting.Json;

/// <summary>
/// A decimal as a plain decimal string: no exponent, no thousands, at most 28 digits, so nothing is rounded.
/// </summary>
public sealed class DecimalText : JsonConverter<decimal>
{
    /// <summary>What <see cref="decimal"/> holds without rounding.</summary>
    public const int MaxDigits = 28;

    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("A decimal is written as a string, for example \"12.50\".");
        }

        return TryParse(reader.GetString(), out var value)
            ? value
            : throw new JsonException($"Not a plain decimal of at most {MaxDigits} digits, such as \"12.50\".");
    }

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(Format(value));
    }

    /// <summary>Reads digits with an optional sign and point; refuses what would be rounded.</summary>
    public static bool TryParse(string? text, out decimal value)
    {
        value = 0;
        const NumberStyles plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return text is { Length: > 0 and <= MaxDigits + 3 }
            && text[0] != '+'
            && char.IsAsciiDigit(text[^1])
            && text.Count(char.IsAsciiDigit) <= MaxDigits
            && decimal.TryParse(text, plain, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>The decimal with the scale it has.</summary>
    public static string Format(decimal value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Money as <c>{"amount":"123.45","currency":"EUR"}</c>, with exactly the decimals of its currency.</summary>
public sealed class MoneyObject : JsonConverter<Money>
{
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var parts = JsonSerializer.Deserialize<Parts>(ref reader, options)!;
        return parts.Currency.IsWhole(parts.Amount)
            ? new Money(parts.Amount, parts.Currency)
            : throw new JsonException($"{parts.Currency} has {parts.Currency.Exponent} decimals.");
    }

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("amount", value.Currency.Format(value.Amount));
        writer.WriteString("currency", value.Currency.Code);
        writer.WriteEndObject();
    }

    private sealed record Parts
    {
        public required decimal Amount { get; init; }

        public required Currency Currency { get; init; }
    }
}

/// <summary>A month as <c>2026-11</c>.</summary>
public sealed class PeriodText : JsonConverter<Period>
{
    public override Period Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Period.TryParse(reader.GetString(), null, out var period)
            ? period
            : throw new JsonException("Not a month such as \"2026-11\".");

    public override void Write(Utf8JsonWriter writer, Period value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.ToString());
    }
}

/// <summary>A currency as its alphabetic code of ISO 4217.</summary>
public sealed class CurrencyText : JsonConverter<Currency>
{
    public override Currency Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Currency.TryParse(reader.GetString(), out var currency)
            ? currency
            : throw new JsonException("Not a currency of ISO 4217 such as \"EUR\".");

    public override void Write(Utf8JsonWriter writer, Currency value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.Code);
    }
}

/// <summary>An instant of RFC 3339 with its offset, written in UTC with <c>Z</c>.</summary>
public sealed class InstantText : JsonConverter<DateTimeOffset>
{
    private const string Form = "yyyy-MM-ddTHH:mm:ss.FFFFFFZ";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out var instant)
            ? instant
            : throw new JsonException("Not an instant of RFC 3339 such as \"2026-11-23T09:30:00Z\".");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(Format(value));
    }

    /// <summary>Reads an instant that says its offset; a local time without one is refused.</summary>
    public static bool TryParse(string? text, out DateTimeOffset instant)
    {
        instant = default;
        if (text is null || text.Length < 17 || text[10] != 'T' || !SaysItsOffset(text))
        {
            return false;
        }

        var read = DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out instant);
        return read;
    }

    public static string Format(DateTimeOffset value) =>
        value.ToUniversalTime().ToString(Form, CultureInfo.InvariantCulture);

    private static bool SaysItsOffset(string text) => text[^1] == 'Z' || text[^6] is '+' or '-';
}
