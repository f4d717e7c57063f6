using System.Text.Json;
using System.Text.Json.Serialization;

namespace Testing;

/// <summary>
/// A published case: numbers from elsewhere that the product has to reproduce. What its input or its expectation names
/// and the test's types do not is an error, so that no figure is left out unseen.
/// </summary>
public sealed record Case<TInput, TExpected>(
    string Name,
    TInput Input,
    TExpected Expected,
    string? Source = null,
    string? Note = null,
    JsonElement? Published = null)
{
    public override string ToString() => Name;
}

/// <summary>Reads the documents of <c>tests/cases</c>.</summary>
public static class Cases
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The cases of a document, each a row of a theory.</summary>
    /// <param name="file">The document's name, for example <c>split.json</c>.</param>
    /// <param name="wanted">Which of them, judged by their raw input; all when left out.</param>
    public static TheoryData<Case<TInput, TExpected>> Read<TInput, TExpected>(
        string file,
        Func<JsonElement, bool>? wanted = null)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Repository.PathOf("tests", "cases", file)));
        var cases = document.RootElement.GetProperty("cases").EnumerateArray()
            .Where(item => wanted is null || wanted(item.GetProperty("input")))
            .Select(item => item.Deserialize<Case<TInput, TExpected>>(Json)!)
            .ToArray();
        if (cases.Length == 0) throw new InvalidOperationException($"{file} has no such case.");
        return [.. cases];
    }
}
