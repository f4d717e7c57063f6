using System.Globalization;
using RabbitMQ.Client;
using ServiceMesh.Messaging.Relaying;

namespace ServiceMesh.Messaging;

/// <summary>What a message says beside its body: CloudEvents attributes and the trace it belongs to.</summary>
internal static class EventHeaders
{
    public const string TraceParent = "traceparent";

    /// <summary>The same value under the only name that the consumers' library reads by itself.</summary>
    private const string MassTransitTrace = "MT-Activity-Id";

    private const string JsonContent = "application/json";
    private const string InstantForm = "yyyy-MM-ddTHH:mm:ss.FFFFFFZ";

    public static BasicProperties Of(WaitingEvent waiting, string source)
    {
        var id = waiting.MessageId;
        var headers = new Dictionary<string, object?>(8)
        {
            ["cloudEvents_specversion"] = "1.0",
            ["cloudEvents_id"] = id,
            ["cloudEvents_type"] = waiting.Name,
            ["cloudEvents_source"] = source,
            ["cloudEvents_subject"] = waiting.AggregateId,
            ["cloudEvents_time"] = waiting.OccurredAt.ToString(InstantForm, CultureInfo.InvariantCulture),
        };
        if (waiting.TraceParent is { } trace)
        {
            headers[TraceParent] = trace;
            headers[MassTransitTrace] = trace;
        }

        return new BasicProperties
        {
            MessageId = id,
            ContentType = JsonContent,
            DeliveryMode = DeliveryModes.Persistent,
            Headers = headers,
        };
    }
}
