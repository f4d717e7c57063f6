using System.Diagnostics;
using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Messaging;

namespace Messaging.Peer;

/// <summary>Applies a change, and fails on one that says so.</summary>
public sealed class PeriodClosingConsumer(Failpoint failpoint) : IChangeConsumer<CostPeriodClosing>
{
    public const string Poison = "poison";

    public async Task Apply(Transaction transaction, CostPeriodClosing change)
    {
        await Effects.Add(transaction, nameof(PeriodClosingConsumer), change);
        if (change.Month == Poison) throw new InvalidOperationException("This month cannot be closed.");
        transaction.AfterCommit(failpoint.Reached);
    }
}

/// <summary>Applies a whole state.</summary>
public sealed class CatalogConsumer(Failpoint failpoint) : IStateConsumer<ServiceCatalogChanged>
{
    public async Task Apply(Transaction transaction, ServiceCatalogChanged state)
    {
        await Effects.Add(transaction, nameof(CatalogConsumer), state);
        transaction.AfterCommit(failpoint.Reached);
    }
}

/// <summary>Between the effect's commit and the broker's acknowledgement, the process dies as by kill -9.</summary>
public sealed class Failpoint(long effects)
{
    private long _left = effects;

    public void Reached()
    {
        if (Interlocked.Decrement(ref _left) <= 0) Process.GetCurrentProcess().Kill();
    }
}

internal static class Effects
{
    public static Task Add(Transaction transaction, string consumer, Event applied) => transaction.Execute(
        """
        insert into peer.effects (consumer, event_id, aggregate_id, aggregate_version)
        values (@consumer, @EventId, @AggregateId, @AggregateVersion)
        """,
        new { consumer, applied.EventId, applied.AggregateId, applied.AggregateVersion });
}
