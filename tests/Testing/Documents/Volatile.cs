using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Testing.Documents;

/// <summary>
/// Takes out of an answer what is different each time: ids, instants, hashes, traces, cursors, secrets, and how far a
/// job has come that runs beside the story.
/// </summary>
public static partial class Volatile
{
    public static string Normalize(JsonNode node)
    {
        var text = node.ToJsonString(Documents.Readable);
        text = Uuid().Replace(text, "<uuid>");
        text = Instant().Replace(text, "<instant>");
        text = Hash().Replace(text, "<hash>");
        text = Progress().Replace(text, "\"$1\": 0");
        return Opaque().Replace(text, "\"$1\": \"<opaque>\"");
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuid();

    [GeneratedRegex(@"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|\+00:00)")]
    private static partial Regex Instant();

    [GeneratedRegex("\\b[0-9a-f]{64}\\b")]
    private static partial Regex Hash();

    [GeneratedRegex("\"(seals|sealedEntries)\": \\d+")]
    private static partial Regex Progress();

    [GeneratedRegex("\"(traceId|next|secret)\": \"[^\"]+\"")]
    private static partial Regex Opaque();
}
