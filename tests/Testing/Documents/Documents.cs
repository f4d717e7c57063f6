using System.Text.Encodings.Web;
using System.Text.Json;

namespace Testing.Documents;

/// <summary>How committed documents and examples are written.</summary>
public static class Documents
{
    /// <summary>Whether the committed documents are written anew instead of compared.</summary>
    public static bool Update { get; } = Environment.GetEnvironmentVariable("UPDATE_DOCUMENTS") == "1";

    public static JsonSerializerOptions Readable { get; } =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
