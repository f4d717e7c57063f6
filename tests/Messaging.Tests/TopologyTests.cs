using ServiceMesh.Messaging;

namespace Messaging.Tests;

public sealed class TopologyTests
{
    [Fact]
    public async Task Deploying_again_changes_nothing()
    {
        await using var mesh = await Mesh.Create();
        await mesh.Add(Sample.Closing("a"));
        await mesh.Topology.Deploy(default);
        await using var replica = await mesh.Start();
        await mesh.EffectsAre(1);
        await mesh.Topology.Deploy(default);
        await replica.Add(Sample.Closing("b"));
        await mesh.EffectsAre(2);
    }

    [Fact]
    public async Task Events_published_before_their_consumer_starts_wait_in_its_queue()
    {
        await using var mesh = await Mesh.Create();
        await using (var relay = await mesh.Start("--Peer:Consumes=false"))
        {
            await relay.Add(Sample.Closing("a"));
            await mesh.OutboxIsEmpty();
        }

        Assert.Equal(1, await mesh.Waiting());
        await mesh.ConsumeEverything();
        Assert.Single(await mesh.Effects());
    }

    [Fact]
    public async Task An_event_that_no_service_consumes_is_kept_for_integrators()
    {
        await using var mesh = await Mesh.Create();
        await using var replica = await mesh.Start();
        await using var connection = await mesh.Vhost.Connect();
        await using var channel = await connection.CreateChannelAsync();

        await replica.Add(Sample.Unconsumed("a"));
        await mesh.OutboxIsEmpty();
        Assert.Equal(1u, await channel.MessageCountAsync(Queues.Unconsumed));
    }

    [Fact]
    public async Task An_event_that_gets_a_consumer_is_no_longer_kept()
    {
        await using var mesh = await Mesh.Create();
        await using var connection = await mesh.Vhost.Connect();
        await using var channel = await connection.CreateChannelAsync();

        // As an earlier version left it.
        await channel.ExchangeBindAsync(Queues.Unconsumed, "internal.cost-period-closing", "");
        await mesh.Topology.Deploy(default);
        await mesh.Add(Sample.Closing("a"));
        await using var replica = await mesh.Start();
        await mesh.EffectsAre(1);
        Assert.Equal(0u, await channel.MessageCountAsync(Queues.Unconsumed));
    }

    [Fact]
    public async Task The_queue_for_integrators_keeps_the_newest_and_stays_limited()
    {
        await using var mesh = await Mesh.Create();
        using var management = mesh.Vhost.Server.Management();
        var queue = await management.GetStringAsync($"queues/{mesh.Vhost.Name}/{Queues.Unconsumed}");
        Assert.Contains("\"x-max-length\":100000", queue, StringComparison.Ordinal);
        Assert.Contains("\"x-overflow\":\"drop-head\"", queue, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("peer.period-closing")]
    [InlineData("peer.period-closing_error")]
    [InlineData("peer.catalog_skipped")]
    [InlineData("peer.dead-letter")]
    public async Task Every_queue_is_replicated_and_survives_a_restart(string queue)
    {
        await using var mesh = await Mesh.Create();
        using var management = mesh.Vhost.Server.Management();
        var described = await management.GetStringAsync($"queues/{mesh.Vhost.Name}/{queue}");
        Assert.Contains("\"x-queue-type\":\"quorum\"", described, StringComparison.Ordinal);
        Assert.Contains("\"durable\":true", described, StringComparison.Ordinal);
    }
}
