using System.Text.Json.Nodes;
using ServiceMesh.Contracts;
using ServiceMesh.Messaging;
using Testing;

namespace Messaging.Tests.Documents;

/// <summary>The AsyncAPI document of all events: what an integrator needs to bind a queue and read it.</summary>
internal static class EventDocument
{
    private const string Description =
        """
        Facts that the services of the mesh tell each other, and anybody who listens. An integrator declares a queue of
        its own on the broker, binds it to the exchanges it wants (no routing key) and reads plain JSON.

        An event arrives at least once: `eventId`, which is also the message id, tells a repetition. Of one aggregate,
        events come in the order in which they happened; where the broker refused one in between, it and the later ones
        come again in order. `aggregateVersion` tells an older state from a newer one. New members may be added to an
        event: ignore what you do not know. Amounts, quantities and rates are decimal text; instants are in UTC.
        """;

    private static readonly DocComments Comments = DocComments.Of(typeof(Event).Assembly);

    public static JsonObject Create()
    {
        var events = EventType.All;
        return new()
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Events of the mesh",
                ["version"] = "1.0",
                ["description"] = Description.ReplaceLineEndings("\n"),
                ["license"] = new JsonObject { ["name"] = "Proprietary" },
                ["tags"] = Tags([.. events.Select(Owner).Distinct()]),
            },
            ["defaultContentType"] = "application/json",
            ["servers"] = new JsonObject
            {
                ["broker"] = new JsonObject
                {
                    ["host"] = "rabbitmq:5672",
                    ["pathname"] = "/servicemesh",
                    ["protocol"] = "amqp",
                    ["protocolVersion"] = "0.9.1",
                    ["description"] = "The mesh's own RabbitMQ, reachable inside its network only.",
                    ["security"] = new JsonArray(Reference("components", "securitySchemes", "user")),
                },
            },
            ["channels"] = Each(events, type => type.Name, Channel),
            ["operations"] = Each(events, type => $"publish{type.Type.Name}", Operation),
            ["components"] = new JsonObject
            {
                ["messages"] = Each(events, type => type.Type.Name, Message),
                ["schemas"] = Each(events, type => type.Type.Name, type => new EventSchemas(Comments).Of(type.Type)),
                ["securitySchemes"] = new JsonObject
                {
                    ["user"] = new JsonObject
                    {
                        ["type"] = "userPassword",
                        ["description"] = "A user of the broker that may declare and read its own queues.",
                    },
                },
                ["messageTraits"] = new JsonObject { ["CloudEvent"] = CloudEvent() },
            },
        };
    }

    private static JsonObject Channel(EventType type) => new()
    {
        ["address"] = type.Name,
        ["title"] = type.Type.Name,
        ["description"] = type.Unconsumed
            ? "No service of the mesh consumes it; the newest ones are kept in the queue `unconsumed`."
            : "Consumed by the other side.",
        ["messages"] = new JsonObject { [type.Type.Name] = Reference("components", "messages", type.Type.Name) },
        ["bindings"] = new JsonObject
        {
            ["amqp"] = new JsonObject
            {
                ["is"] = "routingKey",
                ["exchange"] = new JsonObject
                {
                    ["name"] = type.Name,
                    ["type"] = "fanout",
                    ["durable"] = true,
                    ["autoDelete"] = false,
                    ["vhost"] = "servicemesh",
                },
                ["bindingVersion"] = "0.3.0",
            },
        },
    };

    private static JsonObject Operation(EventType type) => new()
    {
        ["action"] = "send",
        ["channel"] = Reference("channels", type.Name),
        ["description"] = Summary(type),
        ["tags"] = Tags(Owner(type)),
        ["messages"] = new JsonArray(Reference("channels", type.Name, "messages", type.Type.Name)),
    };

    private static JsonObject Message(EventType type) => new()
    {
        ["name"] = type.Name,
        ["title"] = type.Type.Name,
        ["summary"] = Summary(type),
        ["contentType"] = "application/json",
        ["payload"] = Reference("components", "schemas", type.Type.Name),
        ["traits"] = new JsonArray(Reference("components", "messageTraits", "CloudEvent")),
        ["examples"] = new JsonArray(new JsonObject
        {
            ["name"] = "example",
            ["payload"] = JsonNode.Parse(File.ReadAllText(Snapshot(type))),
        }),
    };

    /// <summary>The headers of every event's message.</summary>
    private static JsonObject CloudEvent() => new()
    {
        ["headers"] = new JsonObject
        {
            ["type"] = "object",
            ["description"] =
                "Attributes of CloudEvents 1.0 in its AMQP binding, and the trace that the event belongs to.",
            ["required"] = new JsonArray([.. CloudEventAttributes.Keys.Select(name => (JsonNode)name)]),
            ["properties"] = new JsonObject(CloudEventAttributes
                .Append(new("traceparent", "The trace to go on with, as W3C Trace Context writes it."))
                .Select(header => KeyValuePair.Create<string, JsonNode?>(
                    header.Key, new JsonObject { ["type"] = "string", ["description"] = header.Value }))),
        },
        ["bindings"] = new JsonObject
        {
            ["amqp"] = new JsonObject { ["messageType"] = "event", ["bindingVersion"] = "0.3.0" },
        },
    };

    internal static IReadOnlyDictionary<string, string> CloudEventAttributes { get; } = new Dictionary<string, string>
    {
        ["cloudEvents_specversion"] = "`1.0`.",
        ["cloudEvents_id"] = "The event's id.",
        ["cloudEvents_type"] = "The event's name, which is its exchange's.",
        ["cloudEvents_source"] = "The service that tells it, as `/internal-services`.",
        ["cloudEvents_subject"] = "The aggregate's id.",
        ["cloudEvents_time"] = "When it happened, in UTC.",
    };

    private static string Snapshot(EventType type) =>
        Repository.PathOf("tests", "Messaging.Tests", "WireFormat", $"{type.Name}.json");

    private static string Summary(EventType type) =>
        Comments.Of(type.Type) ?? throw new InvalidOperationException($"{type.Type.Name} has no docstring.");

    private static string Owner(EventType type) => type.Name.Split('.')[0];

    private static JsonArray Tags(params string[] names) =>
        [.. names.Select(name => (JsonNode)new JsonObject { ["name"] = name })];

    private static JsonObject Reference(params string[] path) => new() { ["$ref"] = $"#/{string.Join('/', path)}" };

    private static JsonObject Each(
        IEnumerable<EventType> events, Func<EventType, string> name, Func<EventType, JsonObject> part) =>
        new(events.Select(type => KeyValuePair.Create<string, JsonNode?>(name(type), part(type))));
}
