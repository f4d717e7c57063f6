using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Messaging.Tests.Documents;

/// <summary>
/// Whether a value follows a JSON Schema, as far as the events' schemas go: a keyword it does not know fails.
/// </summary>
internal static class SchemaCheck
{
    public static IEnumerable<string> Violations(JsonObject schema, JsonNode? value, string at = "") =>
        schema.SelectMany(rule => rule.Key switch
        {
            "description" => [],
            "type" when Types(rule.Value!).Contains(TypeOf(value)) => [],
            "type" => [$"{at}: {TypeOf(value)} instead of {rule.Value}"],
            "properties" => Members(rule.Value!.AsObject(), value, at),
            "required" => Missing(rule.Value!.AsArray(), value, at),
            "items" => Items(rule.Value!.AsObject(), value, at),
            "pattern" => Written(value, text => Regex.IsMatch(text, rule.Value!.GetValue<string>()), $"{at}: form"),
            "format" => Written(value, text => IsOf(rule.Value!.GetValue<string>(), text), $"{at}: {rule.Value}"),
            "default" => [],
            _ => throw new NotSupportedException($"{at}: {rule.Key}"),
        });

    private static IEnumerable<string> Types(JsonNode type) =>
        type is JsonArray several ? several.Select(one => one!.GetValue<string>()) : [type.GetValue<string>()];

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => value.AsValue().TryGetValue(out long _) ? "integer" : "number",
        var other => throw new NotSupportedException($"{other}"),
    };

    /// <summary>A member that the schema does not name is a violation too: an example shows nothing else.</summary>
    private static IEnumerable<string> Members(JsonObject properties, JsonNode? value, string at) =>
        value is not JsonObject members
            ? []
            : members.SelectMany(member => properties[member.Key] is JsonObject schema
                ? Violations(schema, member.Value, $"{at}/{member.Key}")
                : [$"{at}/{member.Key}: unknown"]);

    private static IEnumerable<string> Missing(JsonArray required, JsonNode? value, string at) =>
        value is not JsonObject members
            ? []
            : required.Select(name => name!.GetValue<string>())
                .Where(name => !members.ContainsKey(name))
                .Select(name => $"{at}/{name}: missing");

    private static IEnumerable<string> Items(JsonObject schema, JsonNode? value, string at) =>
        value is JsonArray items ? items.SelectMany((item, index) => Violations(schema, item, $"{at}/{index}")) : [];

    private static IEnumerable<string> Written(JsonNode? value, Predicate<string> holds, string violation) =>
        TypeOf(value) == "string" && !holds(value!.GetValue<string>()) ? [violation] : [];

    private static bool IsOf(string format, string text) => format switch
    {
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "date-time" => text.EndsWith('Z') && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        _ => throw new NotSupportedException(format),
    };
}
