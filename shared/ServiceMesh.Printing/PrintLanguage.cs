using System.Globalization;
using ServiceMesh.Primitives;

namespace ServiceMesh.Printing;

/// <summary>
/// A language that documents are printed in, with its number and date formats. They are stated here and not asked of the
/// system, so that a document looks the same wherever it is printed again.
/// </summary>
public sealed class PrintLanguage
{
    private const int MaxPercentDecimals = 2;

    /// <summary>Dividing by it drops the zeros at the end.</summary>
    private const decimal One = 1.000000000000000000000000000000m;

    private readonly NumberFormatInfo _numbers;
    private readonly string[] _months;
    private readonly string _dayForm;
    private readonly string _monthForm;
    private readonly string _percentForm;
    private readonly string _pageForm;

    private PrintLanguage(
        string code, string group, string point, string[] months, string day, string month, string percent, string page)
    {
        Code = code;
        _numbers = new NumberFormatInfo { NumberGroupSeparator = group, NumberDecimalSeparator = point };
        (_months, _dayForm, _monthForm, _percentForm, _pageForm) = (months, day, month, percent, page);
    }

    public static PrintLanguage English { get; } = new(
        "en", ",", ".",
        [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
            "December",
        ],
        "{0} {1} {2}", "{0} {1}", "{0}%", "Page {0} of {1}");

    public static PrintLanguage Spanish { get; } = new(
        "es", ".", ",",
        [
            "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
            "diciembre",
        ],
        "{0} de {1} de {2}", "{0} de {1}", "{0} %", "Página {0} de {1}");

    public static IReadOnlyList<PrintLanguage> All { get; } = [English, Spanish];

    /// <summary>The code of ISO 639.</summary>
    public string Code { get; }

    /// <summary>The language that an <c>Accept-Language</c> header likes best; English when it likes none of ours.</summary>
    public static PrintLanguage Of(string? acceptLanguage) =>
        (acceptLanguage ?? "").Split(',')
            .Select(Preference.Read)
            .OrderByDescending(preference => preference.Quality)
            .Where(preference => preference.Quality > 0)
            .Select(preference => All.FirstOrDefault(language => language.Code == preference.Language))
            .FirstOrDefault(language => language is not null)
        ?? English;

    /// <summary>With exactly the decimals of its currency, and its code.</summary>
    public string Format(Money money) => $"{FormatAmount(money)} {money.Currency.Code}";

    /// <summary>All the decimals it has, and no more.</summary>
    public string Format(decimal number)
    {
        var trimmed = number / One;
        return trimmed.ToString($"N{trimmed.Scale}", _numbers);
    }

    public string Format(DateOnly day) =>
        string.Format(CultureInfo.InvariantCulture, _dayForm, day.Day, _months[day.Month - 1], day.Year);

    public string Format(Period month) =>
        string.Format(CultureInfo.InvariantCulture, _monthForm, _months[month.Month - 1], month.Year);

    /// <summary>At most two decimals, half away from zero.</summary>
    /// <param name="part">1 is the whole.</param>
    public string FormatPercentage(decimal part)
    {
        var percent = decimal.Round(part * 100, MaxPercentDecimals, MidpointRounding.AwayFromZero);
        return string.Format(CultureInfo.InvariantCulture, _percentForm, Format(percent));
    }

    /// <summary>Of something else than money in the currency of its column.</summary>
    internal string Format(Value value, Currency? column = null) => value switch
    {
        Value.Words words => words.Text,
        Value.Amount { Money: var money } => money.Currency == column ? FormatAmount(money) : Format(money),
        Value.Number number => Format(number.Value),
        Value.Part part => FormatPercentage(part.Value),
        Value.Day day => Format(day.Value),
        Value.Month month => Format(month.Value),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "A value of another kind."),
    };

    internal string FormatPage(int page, int pages) =>
        string.Format(CultureInfo.InvariantCulture, _pageForm, page, pages);

    private string FormatAmount(Money money) =>
        money.Currency.Round(money.Amount).ToString($"N{money.Currency.Exponent}", _numbers);

    /// <summary>One part of the header, such as <c>es-ES;q=0.8</c>.</summary>
    private sealed record Preference(string Language, decimal Quality)
    {
        public static Preference Read(string text)
        {
            var parts = text.Split(';', StringSplitOptions.TrimEntries);
            var language = parts[0].Split('-')[0];
            var quality = Array.Find(parts, part => part.StartsWith("q=", StringComparison.Ordinal));
            return new Preference(
                language,
                quality is null ? 1
                : decimal.TryParse(quality[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var q) ? q
                : 0);
        }
    }
}
