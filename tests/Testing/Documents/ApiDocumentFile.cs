using System.Text.Json.Nodes;

namespace Testing.Documents;

/// <summary>The API document of a running service, and its committed copy.</summary>
public sealed class ApiDocumentFile
{
    private readonly Dictionary<string, ApiOperation> _operations;

    private ApiDocumentFile(string text)
    {
        Text = text;
        _operations = Operations(JsonNode.Parse(text)!).ToDictionary(operation => operation.Id);
    }

    public string Text { get; }

    public IEnumerable<string> OperationIds => _operations.Keys;

    public ApiOperation Operation(string id) =>
        _operations.TryGetValue(id, out var operation) ? operation : throw new ArgumentException($"No operation {id}.");

    /// <param name="service">Where the service listens.</param>
    /// <param name="path">For example <c>/openapi/internal.json</c>.</param>
    public static async Task<ApiDocumentFile> Read(HttpClient service, string path) =>
        new(await service.GetStringAsync(new Uri(path, UriKind.Relative)));

    /// <summary>Compares with the committed document, or writes it with <c>UPDATE_DOCUMENTS=1</c>.</summary>
    public void CompareWith(string committed)
    {
        var text = Text.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Documents.Update) File.WriteAllText(committed, text);
        Assert.Equal(File.Exists(committed) ? File.ReadAllText(committed) : "", text);
    }

    private static IEnumerable<ApiOperation> Operations(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from method in path.Value!.AsObject()
        where method.Value is JsonObject && method.Value["operationId"] is not null
        select new ApiOperation(
            method.Value!["operationId"]!.GetValue<string>(),
            new HttpMethod(method.Key.ToUpperInvariant()),
            path.Key,
            method.Value["requestBody"]?["content"]?.AsObject().First().Key,
            [.. (method.Value["parameters"]?.AsArray() ?? []).Select(parameter => Parameter(parameter!))]);

    private static ApiParameter Parameter(JsonNode parameter) => new(
        parameter["name"]!.GetValue<string>(),
        parameter["in"]!.GetValue<string>() == "query",
        parameter["required"]?.GetValue<bool>() ?? false);
}

/// <summary>One operation of a document.</summary>
public sealed record ApiOperation(
    string Id, HttpMethod Method, string Path, string? BodyType, IReadOnlyList<ApiParameter> Parameters)
{
    public bool Takes(string parameter) => Parameters.Any(known => known.Name == parameter);

    public bool Requires(string parameter) => Parameters.Any(known => known.Name == parameter && known.IsRequired);

    public bool IsInQuery(string parameter) => Parameters.Any(known => known.Name == parameter && known.IsInQuery);

    /// <summary>The path with its values put in; values that it does not name go to the query.</summary>
    public string PathWith(IEnumerable<(string Name, string Value)> values)
    {
        var path = Path;
        List<string> query = [];
        foreach (var (name, value) in values.Where(value => !IsHeader(value.Name)))
        {
            var placeholder = $"{{{name}}}";
            if (path.Contains(placeholder, StringComparison.Ordinal))
                path = path.Replace(placeholder, Uri.EscapeDataString(value), StringComparison.Ordinal);
            else
                query.Add($"{name}={Uri.EscapeDataString(value)}");
        }

        Assert.DoesNotContain('{', path);
        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }

    public IEnumerable<(string Name, string Value)> HeadersOf(IEnumerable<(string Name, string Value)> values) =>
        values.Where(value => IsHeader(value.Name));

    private static bool IsHeader(string name) => name is "Accept" || name.Contains('-', StringComparison.Ordinal);
}

/// <summary>A path or query value, or a header.</summary>
public sealed record ApiParameter(string Name, bool IsInQuery, bool IsRequired);
