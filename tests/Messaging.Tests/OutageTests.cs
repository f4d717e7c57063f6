using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Testing;

namespace Messaging.Tests;

/// <summary>The broker or the database is away for a while.</summary>
public sealed class OutageTests
{
    private const string Closing = "internal.cost-period-closing";

    [Fact]
    public async Task Events_wait_for_a_broker_that_is_away_and_are_applied_once()
    {
        await using var mesh = await Mesh.Create();
        await using var proxy = new BrokerProxy(mesh.Vhost.Server);
        await using var witness = await Witness.Of(mesh.Vhost, Closing);
        await using var replica = await mesh.Start(proxy.Settings);
        var events = Sample.Closings(3_000, aggregates: 300);

        // It goes and comes while events flow, and stays away until it is known that new ones wait.
        for (var outage = 0; outage < 3; outage++)
        {
            await mesh.Add([.. events.Skip(1000 * outage).Take(500)]);
            await Eventually.Holds(async () => await mesh.EffectCount() > 1000 * outage);
            proxy.Cut();
            await mesh.Add([.. events.Skip(1000 * outage + 500).Take(500)]);
            await Eventually.Holds(async () => await Health(replica) != HealthStatus.Healthy);
            Assert.InRange(await mesh.OutboxDepth(), 500, 1000);
            proxy.Restore();
            await Eventually.Holds(async () => await Health(replica) == HealthStatus.Healthy);
        }

        await mesh.OutboxIsEmpty();
        await mesh.EffectsAre(events.Length);
        await replica.Stop();
        await mesh.ConsumeEverything();
        Assert.Equal(
            events.Select(sent => sent.EventId).Order(),
            (await mesh.Effects()).Select(effect => effect.EventId).Order());
        Orders.AssertInOrder(await witness.Received());
    }

    [Fact]
    public async Task A_service_starts_without_a_broker_and_finds_it_later()
    {
        await using var mesh = await Mesh.Create();
        await using var proxy = new BrokerProxy(mesh.Vhost.Server);
        proxy.Cut();
        await using var replica = await mesh.Start(proxy.Settings);
        await replica.Add(Sample.Closing("a"));
        Assert.NotEqual(HealthStatus.Healthy, await Health(replica));
        Assert.Null((await Operations(replica).Status(default)).Queues);
        Assert.Equal(1, (await Operations(replica).Status(default)).OutboxDepth);

        proxy.Restore();
        Assert.Single(await mesh.EffectsAre(1));
        await Eventually.Holds(async () => await Health(replica) == HealthStatus.Healthy);
    }

    [Fact]
    public async Task The_relay_and_the_consumers_outlive_their_connections_to_the_database()
    {
        await using var mesh = await Mesh.Create();
        await using var replica = await mesh.Start();
        await using var server = NpgsqlDataSource.Create(mesh.SuperuserConnectionString);
        var events = Sample.Closings(1_000, aggregates: 100);
        foreach (var chunk in events.Chunk(100))
        {
            await mesh.Add(chunk);
            await using var command = server.CreateCommand(
                """
                select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid()
                """);
            await command.ExecuteNonQueryAsync();
        }

        await mesh.OutboxIsEmpty();
        await mesh.EffectsAre(events.Length);
        await replica.Stop();
        await mesh.ConsumeEverything();
        Assert.Equal(
            events.Select(sent => sent.EventId).Order(),
            (await mesh.Effects()).Select(effect => effect.EventId).Order());
    }

    private static ServiceMesh.Messaging.MessagingOperations Operations(Replica replica) =>
        replica.Services.GetRequiredService<ServiceMesh.Messaging.MessagingOperations>();

    private static async Task<HealthStatus> Health(Replica replica) =>
        (await replica.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["broker"].Status;
}
