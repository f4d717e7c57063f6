using System.Globalization;
using System.Numerics;
using System.Text.Json;
using ServiceMesh.Primitives;

namespace ServiceMesh.Testing;

/// <summary>A family of acceptance cases. Theories take the names, so that a failure names its case.</summary>
internal sealed class Cases
{
    private readonly Dictionary<string, JsonElement> _cases;

    public Cases(string family)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "cases", $"{family}.json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        _cases = document.RootElement.GetProperty("cases").EnumerateArray()
            .ToDictionary(@case => @case.GetProperty("name").GetString()!, @case => @case.Clone());
    }

    public JsonElement this[string name] => _cases[name];

    public TheoryData<string> Names => new(_cases.Keys);

    /// <summary>A file of the real data sets beside the project, or null where the project stands alone.</summary>
    public static string? SharedData(string file)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "ServiceMesh.sln")))
            {
                var path = Path.Combine(at.FullName, "..", "shared", "data", file);
                return File.Exists(path) ? path : null;
            }
        }

        return null;
    }

    /// <summary>The names of the cases whose input satisfies a condition.</summary>
    public TheoryData<string> Where(Func<JsonElement, bool> input) =>
        new(_cases.Where(@case => input(@case.Value.GetProperty("input"))).Select(@case => @case.Key));
}

internal static class CaseElement
{
    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static decimal Number(this JsonElement element, string name) => element.GetProperty(name).AsNumber();

    public static decimal Number(this JsonElement element, string name, decimal otherwise) =>
        element.TryGetProperty(name, out var value) ? value.AsNumber() : otherwise;

    public static decimal? OptionalNumber(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.AsNumber() : null;

    public static decimal AsNumber(this JsonElement element) =>
        decimal.Parse(element.GetString()!, NumberStyles.Number, CultureInfo.InvariantCulture);

    public static IReadOnlyList<decimal> Numbers(this JsonElement element, string name) =>
        [.. element.Items(name).Select(AsNumber)];

    /// <summary>The elements of an array; none where the member is missing.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.EnumerateArray() : [];

    /// <summary>An exact figure such as <c>3.685</c> or <c>40/3</c>.</summary>
    public static Rational Exact(this JsonElement element, string name)
    {
        var parts = element.Text(name).Split('/');
        return parts is [var numerator, var denominator]
            ? new Rational(
                BigInteger.Parse(numerator, CultureInfo.InvariantCulture),
                BigInteger.Parse(denominator, CultureInfo.InvariantCulture))
            : Rational.From(element.Number(name));
    }

    public static Currency Currency(this JsonElement element) =>
        ServiceMesh.Primitives.Currency.Of(element.Text("currency"));
}
