using ServiceMesh.Contracts;
using ServiceMesh.Data;
using Testing;

namespace Messaging.Tests;

public sealed class RelayTests
{
    private const string Closing = "internal.cost-period-closing";
    private const string Closed = "internal.cost-period-closed";

    [Fact]
    public async Task Order_is_kept_per_aggregate()
    {
        await using var mesh = await Mesh.Create();
        await using var witness = await Witness.Of(mesh.Vhost, Closing);
        foreach (var chunk in Sample.Closings(2000, aggregates: 100).Chunk(300)) await mesh.Add([.. chunk]);
        await using var replica = await mesh.Start();
        await mesh.OutboxIsEmpty();

        var received = await witness.Received();
        Assert.Equal(2000, received.Count);
        Orders.AssertInOrder(received);
    }

    [Fact]
    public async Task An_event_that_no_queue_takes_is_parked_and_holds_back_its_aggregate_only()
    {
        await using var mesh = await Mesh.Create();
        await using var witness = await Witness.Of(mesh.Vhost, Closing);
        var stuck = Sample.Unroutable("a", 1);
        await mesh.Add(stuck, Sample.Closing("a", 2), Sample.Closing("b", 1), Sample.Closing("a", 3));
        await using var replica = await mesh.Start();

        var parked = Assert.Single(await Parked(mesh, 1));
        Assert.Equal(stuck.EventId, parked.EventId);
        Assert.Equal(Closed, parked.Name);
        Assert.Equal("a", parked.AggregateId);
        Assert.Equal(3, parked.Attempts);
        Assert.Equal(2, parked.HeldBack);
        Assert.Contains("NO_ROUTE", parked.Failure, StringComparison.Ordinal);
        Assert.Contains("\"externalShare\":\"1.50\"", parked.Body, StringComparison.Ordinal);
        Assert.Equal("b", Assert.Single(await witness.HasReceived(1)).Event.AggregateId);

        // Others of later times pass too, and the aggregate's still do not.
        await replica.Add(Sample.Closing("a", 4), Sample.Closing("c", 1));
        Assert.Equal(["b", "c"], (await witness.HasReceived(2)).Select(message => message.Event.AggregateId));
        await Eventually.Gives(mesh.OutboxDepth, depth => depth == 4);
    }

    [Fact]
    public async Task A_parked_event_is_replayed_before_those_behind_it()
    {
        await using var mesh = await Mesh.Create();
        var stuck = Sample.Unroutable("a", 1);
        await mesh.Add(stuck, Sample.Closing("a", 2), Sample.Unroutable("a", 3));
        await using var replica = await mesh.Start();
        await Parked(mesh, 1);

        await using var witness = await Witness.Of(mesh.Vhost, Closing, Closed);
        Assert.Equal(0, await mesh.Operations.Parked.Replay([Guid.Empty], _ => Task.CompletedTask, default));
        Assert.Equal(1, await mesh.Operations.Parked.Replay([stuck.EventId], _ => Task.CompletedTask, default));
        await mesh.OutboxIsEmpty();
        Orders.AssertInOrder(await witness.HasReceived(3));
    }

    [Fact]
    public async Task A_discarded_event_lets_those_behind_it_go()
    {
        await using var mesh = await Mesh.Create();
        await using var witness = await Witness.Of(mesh.Vhost, Closing);
        var stuck = Sample.Unroutable("a", 1);
        var waiting = Sample.Closing("a", 2);
        await mesh.Add(stuck, waiting);
        await using var replica = await mesh.Start();
        await Parked(mesh, 1);

        // Only what is parked can be given up.
        Assert.Equal(0, await mesh.Operations.Parked.Discard([waiting.EventId], _ => Task.CompletedTask, default));
        Assert.Equal(1, await mesh.Operations.Parked.Discard([stuck.EventId], _ => Task.CompletedTask, default));
        await mesh.OutboxIsEmpty();
        Assert.Equal(2, Assert.Single(await witness.HasReceived(1)).Event.AggregateVersion);
    }

    [Fact]
    public async Task An_event_that_makes_the_broker_close_the_channel_does_not_stop_the_others()
    {
        await using var mesh = await Mesh.Create();
        await using var witness = await Witness.Of(mesh.Vhost, Closing);
        await using (var connection = await mesh.Vhost.Connect())
        await using (var channel = await connection.CreateChannelAsync())
        {
            await channel.ExchangeDeleteAsync(Closed);
        }

        var culprit = Sample.Unroutable("culprit");
        Event[] events =
        [
            .. Sample.Closings(40, aggregates: 10),
            culprit,
            .. Sample.Closings(40, aggregates: 10, from: 40),
        ];
        await mesh.Add(events);
        await using var replica = await mesh.Start();

        var parked = Assert.Single(await Parked(mesh, 1));
        Assert.Equal(culprit.EventId, parked.EventId);
        Assert.Contains("404", parked.Failure, StringComparison.Ordinal);
        await Eventually.Gives(mesh.OutboxDepth, depth => depth == 1);
        var received = await witness.Received();
        Assert.Equal(80, received.DistinctBy(message => message.MessageId).Count());
        Orders.AssertInOrder(received);
    }

    [Fact]
    public async Task Commits_of_a_replica_that_does_not_relay_wake_the_one_that_does()
    {
        // Without the poll only the call from replica to replica can bring them over.
        string[] patient = ["--Messaging:PollInterval=1.00:00:00"];
        await using var mesh = await Mesh.Create();
        await using var active = await mesh.Start(patient);
        await active.Add(Sample.Closing("a"));
        await mesh.EffectsAre(1);
        await Eventually.Holds(async () => await mesh.Database.Read(
            Tenant.Provider,
            transaction => transaction.Single<bool>(
                """
                select exists (
                  select from pg_stat_activity where datname = current_database() and query like 'listen %')
                """),
            default));

        await using var standby = await mesh.Start([.. patient, "--Peer:Consumes=false"]);
        await standby.Add(Sample.Closing("b"));
        await mesh.EffectsAre(2);
    }

    [Fact]
    public async Task Stopping_leaves_nothing_half_done()
    {
        await using var mesh = await Mesh.Create();
        await using var witness = await Witness.Of(mesh.Vhost, Closing);
        var events = Sample.Closings(2500, aggregates: 250);
        await mesh.Add([.. events]);
        var sent = new HashSet<string>();
        while (await mesh.OutboxDepth() > 0)
        {
            await using var replica = await mesh.Start();
            await Eventually.Holds(async () => (await witness.Received()).Count > sent.Count);
            await replica.Stop();

            // What was published has left the outbox: a replica that stops in good order sends nothing twice.
            var received = await witness.Received();
            Assert.Equal(events.Length - received.Count, await mesh.OutboxDepth());
            sent.UnionWith(received.Select(message => message.MessageId));
            Assert.Equal(received.Count, sent.Count);
        }

        Assert.Equal(events.Length, sent.Count);
        Orders.AssertInOrder(await witness.Received());
    }

    private static Task<IReadOnlyList<ServiceMesh.Messaging.ParkedEvent>> Parked(Mesh mesh, int count) =>
        Eventually.Gives(() => mesh.Operations.Parked.List(500, default), parked => parked.Count == count);
}
