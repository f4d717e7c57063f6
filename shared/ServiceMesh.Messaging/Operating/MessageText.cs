using System.Globalization;
using System.Text;
using RabbitMQ.Client;

namespace ServiceMesh.Messaging;

/// <summary>What a person can read of a message.</summary>
internal static class MessageText
{
    private const int CharactersAtMost = 10_000;

    private const string FaultMessage = "MT-Fault-Message";
    private const string FaultAt = "MT-Fault-Timestamp";
    private const string FirstDeathReason = "x-first-death-reason";
    private const string SkippedReason = "MT-Reason";

    public static SetAsideMessage Of(BasicGetResult message)
    {
        var text = Encoding.UTF8.GetString(message.Body.Span);
        return new SetAsideMessage(
            message.BasicProperties.MessageId,
            Header(message, "cloudEvents_type"),
            Header(message, FaultMessage) ?? Header(message, FirstDeathReason) ?? Header(message, SkippedReason),
            DateTimeOffset.TryParse(Header(message, FaultAt), CultureInfo.InvariantCulture, out var since)
                ? since
                : null,
            text.Length > CharactersAtMost ? text[..CharactersAtMost] : text);
    }

    public static string? Header(BasicGetResult message, string name) =>
        message.BasicProperties.Headers?.TryGetValue(name, out var value) is true
            ? value switch { byte[] bytes => Encoding.UTF8.GetString(bytes), null => null, _ => value.ToString() }
            : null;
}

/// <summary>A message as it was before it was set aside.</summary>
internal static class Replays
{
    private static readonly string[] TracesOfFailure =
    [
        "MT-Fault", "MT-Reason", "MT-Host", "x-death", "x-first-death", "x-last-death", "x-delivery-count",
        "x-acquired-count",
    ];

    public static BasicProperties Properties(IReadOnlyBasicProperties original) => new(original)
    {
        Headers = original.Headers?
            .Where(header => !TracesOfFailure.Any(trace => header.Key.StartsWith(trace, StringComparison.Ordinal)))
            .ToDictionary(header => header.Key, header => header.Value),
    };
}
