using System.Collections.Concurrent;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Messaging;
using Testing;
using Testing.Databases;

namespace Benchmarks.Messaging;

/// <summary>A service that only relays and consumes, with a database and a virtual host of its own.</summary>
internal sealed class Bench : IAsyncDisposable
{
    public const string Exchange = "internal.cost-period-closing";
    public const string Queue = "bench.effect";

    private const string CreateEffects = """
        create schema bench;
        create table bench.effects (event_id uuid not null, month text not null);
        """;

    /// <summary>How long one measurement may take before it has failed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly DatabaseTemplate Template = new(
        "internal_services",
        $"bench_{Testing.Databases.Migrations.Fingerprint(typeof(Outbox).Assembly)}",
        async database =>
        {
            await ServiceMesh.Data.Migrations.Run(
                database.OwnerConnectionString, NullLogger.Instance, default, typeof(Outbox).Assembly);
            await using var owner = new NpgsqlConnection(database.OwnerConnectionString);
            await owner.ExecuteAsync(CreateEffects);
        });

    private readonly TestDatabase _database;

    private Bench(TestDatabase database, Vhost vhost)
    {
        _database = database;
        Vhost = vhost;
    }

    public Vhost Vhost { get; }

    public static async Task<Bench> Create()
    {
        var bench = new Bench(await Template.CreateDatabase(), await Vhost.Create());
        using var host = bench.Build();
        await host.Services.GetRequiredService<Topology>().Deploy(default);
        return bench;
    }

    /// <summary>The service as a product builds it.</summary>
    public IHost Build(bool consumes = true)
    {
        var builder = Builder();
        builder.Services.AddServiceMeshData(builder.Configuration);
        builder.AddServiceMeshMessaging("bench", consumers =>
        {
            if (consumes) consumers.Consumer<EffectConsumer>();
        });
        return builder.Build();
    }

    /// <summary>An empty host with the settings of this bench.</summary>
    public HostApplicationBuilder Builder()
    {
        var builder = Host.CreateApplicationBuilder([.. _database.Settings, .. Vhost.Settings]);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(Clock.System);
        builder.Services.AddSingleton<Progress>();
        return builder;
    }

    public NpgsqlDataSource Source() => NpgsqlDataSource.Create(_database.SuperuserConnectionString);

    /// <summary>Events of many aggregates in turn.</summary>
    public static CostPeriodClosing[] Events(int count, int aggregates) =>
    [
        .. Enumerable.Range(0, count).Select(number => new CostPeriodClosing
        {
            EventId = Guid.CreateVersion7(Clock.System.GetUtcNow()),
            OccurredAt = Clock.System.GetUtcNow(),
            AggregateId = $"aggregate-{number % aggregates}",
            AggregateVersion = 1 + number / aggregates,
            Month = "2026-11",
        }),
    ];

    public async ValueTask DisposeAsync()
    {
        await Vhost.DisposeAsync();
        await _database.DisposeAsync();
    }
}

/// <summary>Counts effects, and tells when the last one was committed.</summary>
internal sealed class Progress
{
    private readonly TaskCompletionSource<TimeSpan> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _first;
    private int _seen;

    public int Expected { get; set; }

    /// <summary>From the first effect's commit to the last one's.</summary>
    public Task<TimeSpan> Done => _done.Task;

    /// <summary>When each event's effect was committed, where it is known by its id.</summary>
    public ConcurrentDictionary<Guid, long> Effects { get; } = new();

    public void Committed(Guid? id = null)
    {
        var now = System.Diagnostics.Stopwatch.GetTimestamp();
        if (id is { } known) Effects[known] = now;
        Interlocked.CompareExchange(ref _first, now, 0);
        if (Interlocked.Increment(ref _seen) == Expected)
            _done.SetResult(System.Diagnostics.Stopwatch.GetElapsedTime(_first, now));
    }
}

/// <summary>The effect that both sides have: one row.</summary>
internal static class Effect
{
    public const string Insert = "insert into bench.effects (event_id, month) values (@EventId, @Month)";
}

internal sealed class EffectConsumer(Progress progress) : IChangeConsumer<CostPeriodClosing>
{
    public async Task Apply(Transaction transaction, CostPeriodClosing change)
    {
        await transaction.Execute(Effect.Insert, new { change.EventId, change.Month });
        transaction.AfterCommit(() => progress.Committed(change.EventId));
    }
}
