using Npgsql;
using ServiceMesh.Data;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace Messaging.Tests;

public sealed class OutboxTests
{
    [Fact]
    public async Task A_commit_emits()
    {
        await using var mesh = await Mesh.Create();
        await using var replica = await mesh.Start();
        var sent = Sample.Closing("a");
        await replica.Add(sent);
        Assert.Equal(sent.EventId, Assert.Single(await mesh.EffectsAre(1)).EventId);
        await mesh.OutboxIsEmpty();
    }

    [Fact]
    public async Task A_rollback_emits_nothing()
    {
        await using var mesh = await Mesh.Create();
        await using var replica = await mesh.Start();
        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => mesh.Database.InTransaction(
            Tenant.Provider,
            async transaction =>
            {
                await mesh.Outbox.Add(transaction, Sample.Closing("thrown"));
                throw new TimeZoneNotFoundException();
            },
            default));
        var refused = await mesh.Database.InTransaction<int>(
            Tenant.Provider,
            async transaction =>
            {
                await mesh.Outbox.Add(transaction, Sample.Closing("refused"));
                return Refusal.Rejected("no", "No.");
            },
            default);

        // What is sent afterwards arrives, and nothing before it.
        await replica.Add(Sample.Closing("committed"));
        Assert.True(refused.IsRefused);
        Assert.Equal("committed", Assert.Single(await mesh.EffectsAre(1)).AggregateId);
    }

    [Fact]
    public async Task A_transaction_that_is_tried_again_emits_once()
    {
        await using var mesh = await Mesh.Create();
        await using var replica = await mesh.Start();
        var attempts = 0;
        await mesh.Database.InTransaction(
            Tenant.Provider,
            async transaction =>
            {
                await mesh.Outbox.Add(transaction, Sample.Closing($"attempt-{++attempts}"));
                if (attempts > 1) return;
                await transaction.Execute("do $$ begin raise exception '' using errcode = '40001'; end $$");
            },
            default);
        Assert.Equal("attempt-2", Assert.Single(await mesh.EffectsAre(1)).AggregateId);
    }

    [Fact]
    public async Task A_customer_adds_events_and_cannot_read_any()
    {
        await using var mesh = await Mesh.Create();
        await mesh.Database.InTransaction(
            Tenant.Customer("ACME"), transaction => mesh.Outbox.Add(transaction, Sample.Closing("a")), default);
        Assert.Equal(1, await mesh.OutboxDepth());
        var refused = await Assert.ThrowsAsync<PostgresException>(() => mesh.Database.Read(
            Tenant.Customer("ACME"),
            transaction => transaction.Query<long>("select position from messaging.outbox"),
            default));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task A_document_is_no_event()
    {
        await using var mesh = await Mesh.Create();
        var large = Sample.Closing("a", month: new string('x', Outbox.MaxBodyBytes));
        await Assert.ThrowsAsync<ArgumentException>(() => mesh.Add(large));
        Assert.Equal(0, await mesh.OutboxDepth());
    }

    [Fact]
    public async Task The_largest_event_goes_through()
    {
        await using var mesh = await Mesh.Create();
        await using var replica = await mesh.Start();
        await replica.Add(Sample.Closing("a", month: new string('x', Outbox.MaxBodyBytes - 1000)));
        Assert.Single(await mesh.EffectsAre(1));
    }
}
