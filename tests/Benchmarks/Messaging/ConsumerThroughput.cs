using Dapper;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Messaging;

namespace Benchmarks.Messaging;

/// <summary>
/// A full queue emptied by a consumer with an inbox, against MassTransit consumers without one on the same queue, with
/// the same prefetch and concurrency: one that commits each row by itself, and one that takes batches and commits them
/// together. The effect, one row, is the same in all; rows are counted after each run.
/// </summary>
internal static class ConsumerThroughput
{
    private const int Messages = 20_000;

    // What the product's endpoints have.
    private const ushort Prefetch = 200;
    private const int Concurrency = 100;

    public static async Task<IReadOnlyList<Figure>> Measure() =>
    [
        await Measure<PlainConsumer>("MassTransit, a commit per message", "≥ 0.5", _ => { }),
        await Measure<PlainBatchConsumer>(
            "MassTransit's batches, a commit per batch",
            "–",
            consumer => consumer.Options<BatchOptions>(batch => batch
                .SetMessageLimit(Concurrency).SetTimeLimit(ms: 5).SetConcurrencyLimit(1))),
    ];

    private static async Task<Figure> Measure<TConsumer>(
        string name, string aim, Action<IConsumerConfigurator<TConsumer>> configure)
        where TConsumer : class, IConsumer
    {
        await using var bench = await Bench.Create();
        var (ours, peer, ratio) = await Pairs.Measure(
            () => Consume(bench, () => bench.Build()),
            () => Consume(bench, () => Plain(bench, configure)));
        return new("consumer with inbox", $"{ours:N0} messages/s", $"{name}: {peer:N0}/s", $"{ratio:0.00}", aim);
    }

    private static async Task<double> Consume(Bench bench, Func<IHost> build)
    {
        await Fill(bench);
        using var host = build();
        var progress = host.Services.GetRequiredService<Progress>();
        progress.Expected = Messages;
        await host.StartAsync();
        var elapsed = await progress.Done.WaitAsync(Bench.Patience);
        await host.StopAsync();
        await Check(bench);
        return Messages / elapsed.TotalSeconds;
    }

    private static IHost Plain<TConsumer>(Bench bench, Action<IConsumerConfigurator<TConsumer>> configure)
        where TConsumer : class, IConsumer
    {
        var builder = bench.Builder();

        // The same pool, prepared statements and role as the product's own.
        var database = builder.Configuration.GetSection(DatabaseOptions.Section).Get<DatabaseOptions>()!;
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(database.ConnectionString));
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddConsumer<TConsumer>(configure);
            bus.UsingRabbitMq((context, rabbit) =>
            {
                var server = bench.Vhost.Server;
                rabbit.Host(server.Host, (ushort)server.Port, bench.Vhost.Name, host =>
                {
                    host.Username(server.Username);
                    host.Password(server.Password);
                });
                rabbit.ReceiveEndpoint(Bench.Queue, endpoint =>
                {
                    endpoint.ConfigureConsumeTopology = false;
                    endpoint.PrefetchCount = Prefetch;
                    endpoint.ConcurrentMessageLimit = Concurrency;
                    foreach (var (key, value) in Queues.Consumer(new ServiceName("bench")))
                        endpoint.SetQueueArgument(key, value!);
                    endpoint.UseRawJsonDeserializer(
                        RawSerializerOptions.AnyMessageType | RawSerializerOptions.CopyHeaders, isDefault: true);
                    endpoint.ConfigureConsumer<TConsumer>(context);
                });
            });
        });
        return builder.Build();
    }

    private static async Task Fill(Bench bench)
    {
        await using var connection = await bench.Vhost.Connect();
        await PlainPublisher.Counted(
            connection, Bench.Exchange, [.. Bench.Events(Messages, aggregates: 5_000).Select(EventJson.Serialize)]);
    }

    private static async Task Check(Bench bench)
    {
        await using var source = bench.Source();
        await using var connection = await source.OpenConnectionAsync();
        var rows = await connection.ExecuteScalarAsync<long>("select count(distinct event_id) from bench.effects");
        if (rows != Messages) throw new InvalidOperationException($"{rows} effects of {Messages} messages.");
        await connection.ExecuteAsync("truncate bench.effects, messaging.inbox");
    }
}

internal sealed class PlainConsumer(NpgsqlDataSource source, Progress progress) : IConsumer<CostPeriodClosing>
{
    public async Task Consume(ConsumeContext<CostPeriodClosing> context)
    {
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync(Effect.Insert, new { context.Message.EventId, context.Message.Month });
        progress.Committed();
    }
}

internal sealed class PlainBatchConsumer(NpgsqlDataSource source, Progress progress)
    : IConsumer<Batch<CostPeriodClosing>>
{
    public async Task Consume(ConsumeContext<Batch<CostPeriodClosing>> context)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var message in context.Message.Select(message => message.Message))
            await connection.ExecuteAsync(Effect.Insert, new { message.EventId, message.Month }, transaction);
        await transaction.CommitAsync();
        foreach (var _ in context.Message) progress.Committed();
    }
}
