using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using ServiceMesh.Messaging;

namespace Messaging.Tests.Documents;

/// <summary>JSON Schemas of the events: from their types, the wire format and the docstrings.</summary>
internal sealed class EventSchemas(DocComments comments)
{
    /// <summary>A decimal is text, so that no reader rounds it.</summary>
    private const string DecimalForm = @"^-?\d+(\.\d+)?$";

    public JsonObject Of(Type type)
    {
        var exporter = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, schema) => Transform(context, schema),
        };
        return EventJson.Options.GetJsonSchemaAsNode(type, exporter).AsObject();
    }

    private JsonObject Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        var written = Scalar(context.TypeInfo.Type) ?? schema.AsObject();
        if (Description(context) is { } description) written.Insert(0, "description", description);
        return written;
    }

    /// <summary>What the wire format writes as text, which the exporter cannot see.</summary>
    private static JsonObject? Scalar(Type type)
    {
        var nullable = Nullable.GetUnderlyingType(type);
        JsonNode text = nullable is null ? "string" : new JsonArray("string", "null");
        return (nullable ?? type) switch
        {
            var known when known == typeof(decimal) => new() { ["type"] = text, ["pattern"] = DecimalForm },
            var known when known == typeof(DateTimeOffset) => new() { ["type"] = text, ["format"] = "date-time" },
            var known when known == typeof(Guid) => new() { ["type"] = text, ["format"] = "uuid" },
            var known when known == typeof(long) || known == typeof(int) => new() { ["type"] = "integer" },
            _ => null,
        };
    }

    private string? Description(JsonSchemaExporterContext context)
    {
        if (context.PropertyInfo is not { } property) return comments.Of(context.TypeInfo.Type);
        var member = (MemberInfo)property.AttributeProvider!;
        return comments.Of(member) ?? comments.Of(context.TypeInfo.Type);
    }
}
