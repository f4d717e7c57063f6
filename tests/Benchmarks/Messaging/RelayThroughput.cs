using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Messaging;

namespace Benchmarks.Messaging;

/// <summary>
/// From the commit of many events until the outbox is empty again, against publishing the same bodies to the same
/// quorum queue without an outbox. Messages in the queue are counted after each run.
/// </summary>
internal static class RelayThroughput
{
    private const int Messages = 30_000;

    /// <summary>More than fit into the relay's window, so that each event is of another aggregate.</summary>
    private const int ManyAggregates = 5_000;

    /// <summary>So few that many events of one aggregate are under way at once.</summary>
    private const int FewAggregates = 20;

    /// <summary>
    /// Seldom, because looking is work for the database; what it adds to the time counts against the outbox.
    /// </summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public static async Task<IReadOnlyList<Figure>> Measure() =>
    [
        await Measure(ManyAggregates, "plain client, own tracking of confirmations", PlainPublisher.Counted, "≥ 0.7"),
        await Measure(ManyAggregates, "plain client, its tracking of confirmations", PlainPublisher.Tracked, "–"),
        await Measure(FewAggregates, "plain client, own tracking of confirmations", PlainPublisher.Counted, "–"),
    ];

    private static async Task<Figure> Measure(
        int aggregates, string name, Func<IConnection, string, IReadOnlyList<byte[]>, Task> plain, string aim)
    {
        await using var bench = await Bench.Create();
        var (ours, peer, ratio) = await Pairs.Measure(
            () => Relay(bench, Bench.Events(Messages, aggregates)),
            () => Publish(bench, Bench.Events(Messages, aggregates), plain));
        return new(
            $"outbox → RabbitMQ, {aggregates:N0} aggregates",
            $"{ours:N0} messages/s",
            $"{name}: {peer:N0}/s",
            $"{ratio:0.00}",
            aim);
    }

    private static async Task<double> Relay(Bench bench, CostPeriodClosing[] events)
    {
        using var host = bench.Build(consumes: false);
        await host.StartAsync();
        var database = host.Services.GetRequiredService<Database>();
        await using var source = bench.Source();
        await using var connection = await source.OpenConnectionAsync();
        await Relays(connection);

        var committed = 0L;
        await database.InTransaction(Tenant.Provider, async transaction =>
        {
            await host.Services.GetRequiredService<Outbox>().Add(transaction, events);
            transaction.AfterCommit(() => committed = Stopwatch.GetTimestamp());
        }, default);
        while (await connection.ExecuteScalarAsync<bool>("select exists (select from messaging.outbox)"))
            await Task.Delay(Look);
        var elapsed = Stopwatch.GetElapsedTime(committed);

        await host.StopAsync();
        await Check(bench);
        return Messages / elapsed.TotalSeconds;
    }

    private static async Task<double> Publish(
        Bench bench, CostPeriodClosing[] events, Func<IConnection, string, IReadOnlyList<byte[]>, Task> plain)
    {
        byte[][] bodies = [.. events.Select(EventJson.Serialize)];
        await using var connection = await bench.Vhost.Connect();
        var started = Stopwatch.GetTimestamp();
        await plain(connection, Bench.Exchange, bodies);
        var elapsed = Stopwatch.GetElapsedTime(started);
        await Check(bench);
        return Messages / elapsed.TotalSeconds;
    }

    /// <summary>Waits until the relay holds its lock: starting it is not what is measured.</summary>
    private static async Task Relays(Npgsql.NpgsqlConnection connection)
    {
        const string locked = """
            select exists (
              select from pg_locks
              where locktype = 'advisory'
                and database = (select oid from pg_database where datname = current_database()))
            """;
        while (!await connection.ExecuteScalarAsync<bool>(locked)) await Task.Delay(TimeSpan.FromMilliseconds(5));
    }

    private static async Task Check(Bench bench)
    {
        await using var connection = await bench.Vhost.Connect();
        await using var channel = await connection.CreateChannelAsync();
        var purged = await channel.QueuePurgeAsync(Bench.Queue);
        if (purged != Messages)
            throw new InvalidOperationException($"{purged} of {Messages} messages are in the queue.");
    }
}
