using Npgsql;
using ServiceMesh.Contracts;
using Testing;

namespace Messaging.Tests;

/// <summary>Processes die as by a power failure; every event is applied exactly once all the same.</summary>
public sealed class KillTests
{
    private const string Closing = "internal.cost-period-closing";
    private const string RelaysOnly = "--Peer:Consumes=false";

    /// <summary>Tries to relay at its start and never again: the relay under test stays another process.</summary>
    private const string NeverTakesOver = "--Messaging:PollInterval=1.00:00:00";

    [Fact]
    public async Task The_relays_process_is_killed_while_events_flow()
    {
        await using var mesh = await Mesh.Create();
        await using var witness = await Witness.Of(mesh.Vhost, Closing);
        var events = Sample.Closings(10_000, aggregates: 500);
        var relay = mesh.Launch(RelaysOnly);
        await mesh.HasRelay();
        await using var consumer = await mesh.Start(NeverTakesOver);

        var flow = Flow(mesh, events);
        foreach (var share in new[] { 1, 4, 7 })
        {
            await Eventually.Holds(async () => await mesh.EffectCount() > events.Length * share / 10);
            await relay.Kill();
            await relay.DisposeAsync();
            relay = mesh.Launch(RelaysOnly);
        }

        await flow;
        await AssertAppliedOnce(mesh, events);
        Orders.AssertInOrder(await witness.Received());
        await relay.DisposeAsync();
    }

    [Fact]
    public async Task The_consumers_process_is_killed_while_events_flow()
    {
        await using var mesh = await Mesh.Create();
        var events = Sample.Closings(10_000, aggregates: 500);
        await using var relay = await mesh.Start(RelaysOnly);
        await mesh.HasRelay();
        var consumer = mesh.Launch(NeverTakesOver);

        var flow = Flow(mesh, events);
        foreach (var share in new[] { 1, 4, 7 })
        {
            await Eventually.Holds(async () => await mesh.EffectCount() > events.Length * share / 10);
            await consumer.Kill();
            await consumer.DisposeAsync();
            consumer = mesh.Launch(NeverTakesOver);
        }

        await flow;
        await AssertAppliedOnce(mesh, events);
        await consumer.DisposeAsync();
    }

    [Fact]
    public async Task The_relays_process_is_killed_between_publishing_and_marking()
    {
        await using var mesh = await Mesh.Create();
        await using var witness = await Witness.Of(mesh.Vhost, Closing);
        var events = Sample.Closings(300, aggregates: 300);
        await using var server = NpgsqlDataSource.Create(mesh.SuperuserConnectionString);

        // What is published cannot be marked as long as the test has the lock.
        await using var gate = await server.OpenConnectionAsync();
        await Execute(gate, """
            create function messaging.wait_for_the_test() returns trigger language plpgsql as $body$
            begin
              perform pg_advisory_xact_lock(42);
              return null;
            end
            $body$;
            create trigger wait_for_the_test before delete on messaging.outbox
              for each statement execute function messaging.wait_for_the_test();
            select pg_advisory_lock(42);
            """);
        await mesh.Add([.. events]);
        var relay = mesh.Launch(RelaysOnly);
        await witness.HasReceived(events.Length);
        await Eventually.Holds(async () => await IsWaiting(server));
        await relay.Kill();

        // The statement that nobody waits for any more must not mark them after all.
        await Execute(
            gate,
            """
            select pg_terminate_backend(pid) from pg_locks
            where locktype = 'advisory' and objid = 42 and not granted
            """);
        await Eventually.Holds(async () => !await IsWaiting(server));
        await Execute(gate, "drop trigger wait_for_the_test on messaging.outbox");
        Assert.Equal(events.Length, await mesh.OutboxDepth());

        await using var successor = await mesh.Start();
        await AssertAppliedOnce(mesh, events);
        var received = await witness.Received();
        Assert.Equal(2 * events.Length, received.Count);
        Orders.AssertInOrder(received);
        await relay.DisposeAsync();
    }

    [Fact]
    public async Task The_consumers_process_is_killed_between_the_effect_and_its_acknowledgement()
    {
        const int sigkill = 137;
        await using var mesh = await Mesh.Create();
        var closings = new List<CostPeriodClosing>();
        for (var life = 0; life < 3; life++)
        {
            var more = Sample.Closings(20, aggregates: 20, from: 20 * life);
            closings.AddRange(more);
            var states = Enumerable.Range(20 * life, 20).Select(number => Sample.Catalog("storage", 1 + number));
            await mesh.Add([.. more, .. states]);
            await using var consumer = mesh.Launch("--Peer:DieAfterEffects=1");
            Assert.Equal(sigkill, await consumer.Exited());
        }

        await mesh.ConsumeEverything();
        await mesh.OutboxIsEmpty();
        await mesh.ConsumeEverything();
        var effects = (await mesh.Effects()).ToLookup(effect => effect.AggregateId == "storage");
        Assert.Equal(
            closings.Select(sent => sent.EventId).Order(),
            effects[false].Select(effect => effect.EventId).Order());
        var versions = effects[true].Select(effect => effect.AggregateVersion).ToArray();
        Assert.Equal(versions.Order(), versions);
        Assert.Distinct(versions);
        Assert.Equal(60, versions[^1]);
    }

    [Fact]
    public async Task Two_replicas_hand_over()
    {
        await using var mesh = await Mesh.Create();
        await using var witness = await Witness.Of(mesh.Vhost, Closing);
        var events = Sample.Closings(3_000, aggregates: 300);
        await using var first = await mesh.Start();
        await mesh.HasRelay();
        await using var second = await mesh.Start();

        var flow = Flow(mesh, events);
        await Eventually.Holds(async () => await mesh.EffectCount() > events.Length / 3);
        await first.Stop();
        await flow;
        await AssertAppliedOnce(mesh, events);
        Orders.AssertInOrder(await witness.Received());
    }

    /// <summary>Commits come in small transactions, as requests make them.</summary>
    private static Task Flow(Mesh mesh, CostPeriodClosing[] events) => Task.Run(async () =>
    {
        foreach (var chunk in events.Chunk(50)) await mesh.Add(chunk);
    });

    private static async Task AssertAppliedOnce(Mesh mesh, CostPeriodClosing[] events)
    {
        await mesh.OutboxIsEmpty();
        await mesh.EffectsAre(events.Length);
        await mesh.ConsumeEverything();
        var effects = await mesh.Effects();
        Assert.Equal(events.Length, effects.Count);
        Assert.Equal(events.Select(sent => sent.EventId).Order(), effects.Select(effect => effect.EventId).Order());
    }

    private static async Task<bool> IsWaiting(NpgsqlDataSource server)
    {
        await using var command = server.CreateCommand(
            "select exists (select from pg_locks where locktype = 'advisory' and objid = 42 and not granted)");
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
