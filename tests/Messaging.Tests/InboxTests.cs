using RabbitMQ.Client;
using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Messaging;
using ServiceMesh.Messaging.Consuming;

namespace Messaging.Tests;

public sealed class InboxTests
{
    [Fact]
    public async Task The_same_message_delivered_three_times_is_applied_once()
    {
        await using var mesh = await Mesh.Create();
        var sent = Sample.Closing("a");
        for (var delivery = 0; delivery < 3; delivery++) await Deliver(mesh, "peer.period-closing", sent);
        await mesh.ConsumeEverything();
        await Deliver(mesh, "peer.period-closing", sent);
        await mesh.ConsumeEverything();
        Assert.Equal("a", Assert.Single(await mesh.Effects()).AggregateId);
    }

    [Fact]
    public async Task A_change_is_applied_whatever_the_order()
    {
        await using var mesh = await Mesh.Create();
        foreach (var version in new[] { 3, 1, 2 })
            await Deliver(mesh, "peer.period-closing", Sample.Closing("a", version));
        await mesh.ConsumeEverything();
        Assert.Equal([1, 2, 3], (await mesh.Effects()).Select(effect => effect.AggregateVersion).Order());
    }

    [Fact]
    public async Task A_state_that_is_not_newer_is_ignored()
    {
        await using var mesh = await Mesh.Create();
        foreach (var version in new[] { 2, 1, 2, 3 })
        {
            await Deliver(mesh, "peer.catalog", Sample.Catalog("storage", version));
            await mesh.ConsumeEverything();
        }

        await Deliver(mesh, "peer.catalog", Sample.Catalog("network", 1));
        await mesh.ConsumeEverything();
        Assert.Equal(
            [("storage", 2), ("storage", 3), ("network", 1)],
            (await mesh.Effects()).Select(effect => (effect.AggregateId, effect.AggregateVersion)));
    }

    [Fact]
    public async Task States_that_come_at_once_never_go_back()
    {
        await using var mesh = await Mesh.Create();
        foreach (var version in Enumerable.Range(1, 100))
            await Deliver(mesh, "peer.catalog", Sample.Catalog("storage", version));
        await using var other = await mesh.Start();
        await mesh.ConsumeEverything();
        await other.Stop();
        await mesh.ConsumeEverything();

        var versions = (await mesh.Effects()).Select(effect => effect.AggregateVersion).ToArray();
        Assert.Equal(versions.Order(), versions);
        Assert.Distinct(versions);
        Assert.Equal(100, versions[^1]);
    }

    [Fact]
    public async Task Old_entries_are_forgotten_and_recent_ones_are_not()
    {
        await using var mesh = await Mesh.Create();
        await Deliver(mesh, "peer.period-closing", Sample.Closing("a"));
        await mesh.ConsumeEverything();

        Assert.Equal(0, await Prune(mesh));
        await mesh.Database.InTransaction(
            Tenant.Provider,
            transaction => transaction.Execute(
                "update messaging.inbox set applied_at = applied_at - interval '91 days'"),
            default);
        Assert.Equal(1, await Prune(mesh));
    }

    private static Task<int> Prune(Mesh mesh) => mesh.Database.InTransaction(
        Tenant.Provider, transaction => InboxPrune.Prune(transaction, TimeSpan.FromDays(90)), default);

    [Fact]
    public void A_consumer_of_an_event_that_is_marked_as_unconsumed_is_refused() =>
        Assert.Throws<ArgumentException>(() => ConsumerType.Of(typeof(MarkedConsumer), new ServiceName("peer")));

    [Fact]
    public void A_consumer_has_a_queue_named_by_its_class()
    {
        var consumer = ConsumerType.Of(
            typeof(Messaging.Peer.PeriodClosingConsumer), new ServiceName("internal-services"));
        Assert.Equal("internal-services.period-closing", consumer.Queue);
        Assert.Equal("internal.cost-period-closing", consumer.Event.Name);
        Assert.False(consumer.IsState);
    }

    private static async Task Deliver(Mesh mesh, string queue, Event sent)
    {
        await using var connection = await mesh.Vhost.Connect();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await channel.BasicPublishAsync("", queue, mandatory: true, EventJson.Serialize(sent));
    }

    private sealed class MarkedConsumer : IChangeConsumer<StatementIssued>
    {
        public Task Apply(Transaction transaction, StatementIssued change) => Task.CompletedTask;
    }
}
