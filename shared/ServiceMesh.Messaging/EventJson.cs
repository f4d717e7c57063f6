using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ServiceMesh.Contracts;

namespace ServiceMesh.Messaging;

/// <summary>
/// The wire format of events: camelCase, the envelope first, decimals as strings, instants in UTC. Unknown members are
/// ignored when reading, so that an event may get new ones.
/// </summary>
public static class EventJson
{
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions());

    public static byte[] Serialize(Event @event) =>
        JsonSerializer.SerializeToUtf8Bytes(@event, @event.GetType(), Options);

    internal static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.RespectNullableAnnotations = true;
        options.Converters.Add(new DecimalText());
        options.Converters.Add(new InstantText());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { EnvelopeFirst } };
        return options;
    }

    private static void EnvelopeFirst(JsonTypeInfo type)
    {
        if (!type.Type.IsSubclassOf(typeof(Event))) return;
        foreach (var property in type.Properties)
        {
            var envelope = typeof(Event).GetProperty(property.Name, IgnoringCase) is not null;
            property.Order = envelope ? -1 : 0;
        }
    }

    private const BindingFlags IgnoringCase = BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase;

    private sealed class DecimalText : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String
            && decimal.TryParse(reader.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new JsonException("A decimal is written as a string, for example \"12.50\".");

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }

    private sealed class InstantText : JsonConverter<DateTimeOffset>
    {
        private const string Form = "yyyy-MM-ddTHH:mm:ss.FFFFFFFZ";

        public override DateTimeOffset Read(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDateTimeOffset().ToUniversalTime();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToUniversalTime().ToString(Form, CultureInfo.InvariantCulture));
    }
}
