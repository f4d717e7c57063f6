using ServiceMesh.Contracts;
using Testing;

namespace Messaging.Tests;

/// <summary>Events to send.</summary>
internal static class Sample
{
    /// <summary>A change, for <see cref="Messaging.Peer.PeriodClosingConsumer"/>.</summary>
    public static CostPeriodClosing Closing(string aggregate, long version = 1, string month = "2026-11") => new()
    {
        EventId = Guid.CreateVersion7(Clock.System.GetUtcNow()),
        OccurredAt = Clock.System.GetUtcNow(),
        AggregateId = aggregate,
        AggregateVersion = version,
        Month = month,
    };

    /// <summary>A state, for <see cref="Messaging.Peer.CatalogConsumer"/>.</summary>
    public static ServiceCatalogChanged Catalog(string code, long version = 1) => new()
    {
        EventId = Guid.CreateVersion7(Clock.System.GetUtcNow()),
        OccurredAt = Clock.System.GetUtcNow(),
        AggregateId = code,
        AggregateVersion = version,
        Code = code,
        Name = $"Version {version}",
        Unit = "hour",
        Audience = "both",
        Active = true,
    };

    /// <summary>An event for which no queue is made: the broker returns it.</summary>
    public static CostPeriodClosed Unroutable(string aggregate, long version = 1) => new()
    {
        EventId = Guid.CreateVersion7(Clock.System.GetUtcNow()),
        OccurredAt = Clock.System.GetUtcNow(),
        AggregateId = aggregate,
        AggregateVersion = version,
        RunId = Guid.Empty,
        Month = "2026-11",
        ExternalShare = 1.50m,
        Currency = "EUR",
    };

    /// <summary>An event that no service consumes.</summary>
    public static StatementIssued Unconsumed(string aggregate) => new()
    {
        EventId = Guid.CreateVersion7(Clock.System.GetUtcNow()),
        OccurredAt = Clock.System.GetUtcNow(),
        AggregateId = aggregate,
        AggregateVersion = 1,
        Department = "SALES",
        Month = "2026-11",
        Total = 1.50m,
        Currency = "EUR",
    };

    /// <summary>Changes of several aggregates in turn, each with versions that rise from 1.</summary>
    public static CostPeriodClosing[] Closings(int count, int aggregates, int from = 0) =>
    [
        .. Enumerable.Range(from, count).Select(number => Closing($"a{number % aggregates}", 1 + number / aggregates)),
    ];
}
