using System.Globalization;
using System.Text.Json;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.CostImports;

/// <summary>Reads the cells of one line by their columns and collects what cannot be read.</summary>
/// <param name="cellOf">The cell's text, or null when the file does not have the column.</param>
internal sealed class FocusCells(Func<string, string?> cellOf)
{
    private const string Null = "NULL";

    private static readonly IReadOnlyDictionary<string, string> NoTags = new Dictionary<string, string>();

    private static readonly string[] InstantFormats =
    [
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss 'UTC'", "yyyy-MM-dd",
    ];

    private List<FieldRefusal>? _faults;

    /// <summary>The first fault, with all of them as fields; null when every cell could be read.</summary>
    public Refusal? Refusal => _faults is null
        ? null
        : ServiceMesh.Primitives.Refusal.Rejected(_faults[0].Code, _faults[0].Detail, _faults[0].Pointer) with
        {
            Fields = _faults,
        };

    /// <summary>The text, or null for an empty cell and for the text <c>NULL</c>.</summary>
    public string? Text(string column) =>
        cellOf(column)?.Trim() is { Length: > 0 } text && text != Null ? text : null;

    public string RequiredText(string column) =>
        Text(column) ?? Fault(column, "value-missing", "A value is needed.", "");

    /// <summary>A decimal with a point, perhaps with an exponent as in <c>1E-05</c>; exact or not at all.</summary>
    public decimal Amount(string column)
    {
        const NumberStyles style =
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (RequiredText(column) is not { Length: > 0 } text)
        {
            return 0;
        }

        if (!decimal.TryParse(text, style, CultureInfo.InvariantCulture, out var amount))
        {
            return Fault(column, "not-a-decimal", $"'{Shown(text)}' is not a decimal number.", 0m);
        }

        return IsExact(text) && ExactAmount.TryUnits(amount, out _)
            ? amount
            : Fault(
                column, "amount-out-of-range", $"'{Shown(text)}' is not below 10^13 with at most 15 decimals.", 0m);
    }

    public Currency Currency(string column)
    {
        var text = RequiredText(column);
        return ServiceMesh.Primitives.Currency.TryParse(text, out var currency) || text.Length == 0
            ? currency
            : Fault(column, "not-a-currency", $"'{Shown(text)}' is not a currency of ISO 4217.", currency);
    }

    /// <summary>ISO 8601, or date and time with a blank between; UTC where no offset is given.</summary>
    public DateTimeOffset Instant(string column)
    {
        const DateTimeStyles style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        var text = RequiredText(column);
        return DateTimeOffset.TryParseExact(text, InstantFormats, CultureInfo.InvariantCulture, style, out var instant)
            || text.Length == 0
                ? instant
                : Fault(column, "not-an-instant", $"'{Shown(text)}' is no time such as 2024-09-01 00:00:00.", instant);
    }

    /// <summary>Like <see cref="Instant"/>, in a year that a <see cref="Period"/> can have.</summary>
    public DateTimeOffset InstantOfMonth(string column)
    {
        var instant = Instant(column);
        var month = instant.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        return instant == default || Period.TryParse(month, null, out _)
            ? instant
            : Fault(column, "month-out-of-range", $"There are no books for the year {instant.Year}.", instant);
    }

    /// <summary>A JSON object; values that are not texts are kept as their JSON, null as an empty text.</summary>
    public IReadOnlyDictionary<string, string> Tags(string column)
    {
        if (Text(column) is not { } text)
        {
            return NoTags;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                var tags = new Dictionary<string, string>(StringComparer.Ordinal);
                foreach (var tag in document.RootElement.EnumerateObject())
                {
                    tags[tag.Name] = ValueOf(tag.Value);
                }

                return tags;
            }
        }
        catch (JsonException)
        {
            // Reported below like any other text that is not an object.
        }

        return Fault(column, "not-tags", $"'{Shown(text)}' is not a JSON object of tags.", NoTags);
    }

    /// <summary>Whether the number has at most fifteen decimals, of which reading as decimal loses none.</summary>
    private static bool IsExact(string number)
    {
        var mark = number.IndexOfAny(['e', 'E']);
        var mantissa = mark < 0 ? number : number[..mark];
        var exponent = 0;
        if (mark >= 0 && !int.TryParse(number.AsSpan(mark + 1), CultureInfo.InvariantCulture, out exponent))
        {
            return false;
        }

        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var decimals = point < 0 ? 0 : mantissa.Length - point - 1;
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var zeros = digits.Length - digits.TrimEnd('0').Length;
        return digits.All(digit => !char.IsBetween(digit, '1', '9'))
            || decimals - zeros - (long)exponent <= ExactAmount.Decimals;
    }

    private static string ValueOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Null => "",
            _ => value.GetRawText(),
        };

    private T Fault<T>(string column, string code, string detail, T instead)
    {
        (_faults ??= []).Add(new FieldRefusal($"/{column}", code, $"{column}: {detail}"));
        return instead;
    }

    private static string Shown(string text)
    {
        const int longest = 60;
        return text.Length <= longest ? text : $"{text.AsSpan(0, longest)}…";
    }
}
