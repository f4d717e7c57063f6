using Messaging.Peer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Messaging;
using Testing;
using Testing.Databases;
using Testing.Services;
using Migrations = ServiceMesh.Data.Migrations;

namespace Messaging.Tests;

/// <summary>
/// One service with a database and a virtual host of its own. The test writes to its outbox as a replica that does not
/// relay; its relays and consumers are started as the test needs them, in this process or in one that can be killed.
/// </summary>
public sealed class Mesh : IAsyncDisposable
{
    private static readonly DatabaseTemplate Template = new(
        "internal_services",
        Testing.Databases.Migrations.Fingerprint(typeof(Outbox).Assembly, typeof(PeerHost).Assembly),
        database => Migrations.Run(
            database.OwnerConnectionString,
            NullLogger.Instance,
            default,
            typeof(Outbox).Assembly,
            typeof(PeerHost).Assembly));

    /// <summary>Quick to retry and to give up, so that tests need not wait.</summary>
    private static readonly string[] Impatient =
    [
        "--Messaging:PollInterval=00:00:00.100",
        "--Messaging:FirstRetryAfter=00:00:00.050",
        "--Messaging:AttemptsBeforeParking=3",
    ];

    private readonly TestDatabase _database;
    private readonly IHost _idle;

    private Mesh(TestDatabase database, Vhost vhost, string[] settings)
    {
        _database = database;
        Vhost = vhost;
        Settings = [.. database.Settings, .. vhost.Settings, .. Impatient, .. settings];
        _idle = PeerHost.Build([.. Settings]);
    }

    public Vhost Vhost { get; }

    public IReadOnlyList<string> Settings { get; }

    public Database Database => _idle.Services.GetRequiredService<Database>();

    public Outbox Outbox => _idle.Services.GetRequiredService<Outbox>();

    public MessagingOperations Operations => _idle.Services.GetRequiredService<MessagingOperations>();

    public Topology Topology => _idle.Services.GetRequiredService<Topology>();

    public string SuperuserConnectionString => _database.SuperuserConnectionString;

    /// <summary>With consumers, and with the topology of the broker in place.</summary>
    public static async Task<Mesh> Create(params string[] settings)
    {
        var database = Template.CreateDatabase();
        var vhost = Vhost.Create();
        var mesh = new Mesh(await database, await vhost, ["--Peer:Consumes=true", .. settings]);
        await mesh.Topology.Deploy(default);
        return mesh;
    }

    /// <summary>A replica in this process.</summary>
    public async Task<Replica> Start(params string[] settings)
    {
        var host = PeerHost.Build([.. Settings, .. settings]);
        await host.StartAsync();
        return new Replica(host);
    }

    /// <summary>A replica in a process of its own.</summary>
    public ServiceProcess Launch(params string[] settings) =>
        ServiceProcess.Launch(typeof(PeerHost).Assembly, [.. Settings, .. settings]);

    public Task Add(params Event[] events) => Database.InTransaction(
        Tenant.Provider, transaction => Outbox.Add(transaction, events), default);

    /// <summary>Waits until one of the service's relays is active.</summary>
    public Task HasRelay() => Eventually.Holds(() => Database.Read(
        Tenant.Provider,
        transaction => transaction.Single<bool>(
            """
            select exists (
              select from pg_locks
              where locktype = 'advisory'
                and database = (select oid from pg_database where datname = current_database()))
            """),
        default));

    public async Task<long> OutboxDepth() => (await Operations.Status(default)).OutboxDepth;

    public Task OutboxIsEmpty() => Eventually.Gives(OutboxDepth, depth => depth == 0);

    /// <summary>What consumers have applied, in the order of their commits' rows.</summary>
    public Task<IReadOnlyList<Effect>> Effects() => Database.Read(
        Tenant.Provider,
        transaction => transaction.Query<Effect>(
            "select event_id, aggregate_id, aggregate_version from peer.effects order by number"),
        default);

    public async Task<IReadOnlyList<Effect>> EffectsAre(int count)
    {
        await Eventually.Gives(EffectCount, effects => effects >= count);
        return await Effects();
    }

    public Task<int> EffectCount() => Database.Read(
        Tenant.Provider, transaction => transaction.Single<int>("select count(*)::int from peer.effects"), default);

    /// <summary>
    /// Lets a replica work until every message is answered. Only when it has stopped do its queues show what is not.
    /// </summary>
    public async Task ConsumeEverything()
    {
        do
        {
            await using var replica = await Start();
            await Eventually.Holds(async () => await Waiting() == 0);
        }
        while (await Waiting() > 0);
    }

    public async Task<long> Waiting() => (await Operations.Status(default)).Queues!
        .Where(queue => queue.Kind is QueueKind.Consumer)
        .Sum(queue => queue.Messages);

    public async ValueTask DisposeAsync()
    {
        _idle.Dispose();
        await Vhost.DisposeAsync();
        await _database.DisposeAsync();
    }
}

public sealed record Effect(Guid EventId, string AggregateId, long AggregateVersion);

/// <summary>A started host, stopped with the test.</summary>
public sealed class Replica(IHost host) : IAsyncDisposable
{
    public IServiceProvider Services => host.Services;

    public Task Add(params Event[] events) => Services.GetRequiredService<Database>().InTransaction(
        Tenant.Provider, transaction => Services.GetRequiredService<Outbox>().Add(transaction, events), default);

    public Task Stop() => host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
