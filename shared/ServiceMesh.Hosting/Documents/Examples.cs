using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Nodes;

namespace ServiceMesh.Hosting.Documents;

/// <summary>
/// The examples of an API document: embedded files <c>Examples/{operationId}.request.json</c> and
/// <c>Examples/{operationId}.{status}.json</c>, or <c>.csv</c> for a file. A test carries out the requests and writes
/// or compares the answers, so that every example is true.
/// </summary>
public sealed class Examples
{
    private const string Folder = ".Examples.";

    private readonly FrozenDictionary<string, JsonNode> _byName;

    public Examples(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        _byName = assembly.GetManifestResourceNames()
            .Where(name => name.Contains(Folder, StringComparison.Ordinal))
            .ToFrozenDictionary(ExampleName, name => Read(assembly, name));
    }

    public JsonNode? Request(string operationId) => Find($"{operationId}.request");

    public JsonNode? Answer(string operationId, int status) => Find($"{operationId}.{status}");

    /// <summary>All names, so that a test finds files that belong to no operation.</summary>
    public IEnumerable<string> Names => _byName.Keys;

    private JsonNode? Find(string name) => _byName.GetValueOrDefault(name)?.DeepClone();

    private static string ExampleName(string resource)
    {
        var start = resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length;
        return Path.GetFileNameWithoutExtension(resource[start..]);
    }

    private static JsonNode Read(Assembly assembly, string name)
    {
        using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
        var content = text.ReadToEnd();
        return name.EndsWith(".json", StringComparison.Ordinal) ? JsonNode.Parse(content)! : JsonValue.Create(content);
    }
}
