using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ServiceMesh.Messaging;

/// <summary>Traces that cross the broker, and what messaging counts.</summary>
internal static class Telemetry
{
    public const string Name = "ServiceMesh.Messaging";

    private static readonly Meter Meter = new(Name);

    public static ActivitySource Source { get; } = new(Name);

    public static Counter<long> Published { get; } =
        Meter.CreateCounter<long>("messaging.published", description: "Events that the broker confirmed");

    public static Counter<long> Failed { get; } = Meter.CreateCounter<long>(
        "messaging.publish_failures", description: "Attempts to publish that failed because of the event");

    public static Counter<long> Applied { get; } =
        Meter.CreateCounter<long>("messaging.applied", description: "Events that a consumer applied");

    public static Counter<long> Ignored { get; } =
        Meter.CreateCounter<long>("messaging.ignored", description: "Deliveries of what was applied before");

    /// <summary>What the trace of an event goes on from, in the form of W3C.</summary>
    public static string? Current =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;
}
