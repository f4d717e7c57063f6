using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Testing.Documents;

/// <summary>
/// Takes out of an answer what is different each time: ids, instants, hashes, traces, cursors, secrets.
/// </summary>
public static partial class Volatile
{
    public static string Normalize(JsonNode node)
    {
        var text = node.ToJsonString(Documents.Readable);
        text = Uuid().Replace(text, "<uuid>");
        text = Instant().Replace(text, "<instant>");
        text = Hash().Replace(text, "<hash>");
        return Opaque().Replace(text, "\"$1\": \"<opaque>\"");
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuid();

    [GeneratedRegex(@"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z")]
    private static partial Regex Instant();

    [GeneratedRegex("\\b[0-9a-f]{64}\\b")]
    private static partial Regex Hash();

    [GeneratedRegex("\"(traceId|next|secret)\": \"[^\"]+\"")]
    private static partial Regex Opaque();
}
