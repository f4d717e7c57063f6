using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using ServiceMesh.Contracts;
using ServiceMesh.Messaging;
using Testing;

namespace Messaging.Tests;

/// <summary>A queue of the test's own beside those of the consumers: it tells what the broker got, in which order.</summary>
public sealed class Witness : IAsyncDisposable
{
    private const string Queue = "witness";

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly List<Received> _received = [];

    private Witness(IConnection connection, IChannel channel)
    {
        _connection = connection;
        _channel = channel;
    }

    public static async Task<Witness> Of(Vhost vhost, params string[] events)
    {
        var connection = await vhost.Connect();
        var channel = await connection.CreateChannelAsync();
        var quorum = new Dictionary<string, object?> { ["x-queue-type"] = "quorum" };
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, quorum);
        foreach (var name in events) await channel.QueueBindAsync(Queue, name, "");
        return new Witness(connection, channel);
    }

    /// <summary>Everything that has come until now.</summary>
    public async Task<IReadOnlyList<Received>> Received()
    {
        var consumer = new AsyncEventingBasicConsumer(_channel);
        var ended = new TaskCompletionSource();
        consumer.ReceivedAsync += (_, delivery) =>
        {
            _received.Add(new Received(
                delivery.Exchange,
                delivery.BasicProperties.MessageId!,
                JsonSerializer.Deserialize<Envelope>(delivery.Body.Span, EventJson.Options)!));
            return Task.CompletedTask;
        };
        consumer.UnregisteredAsync += (_, _) =>
        {
            ended.SetResult();
            return Task.CompletedTask;
        };

        // The end of the consumer comes after every delivery on the way to it.
        var tag = await _channel.BasicConsumeAsync(Queue, autoAck: true, consumer);
        await Eventually.Holds(async () => await _channel.MessageCountAsync(Queue) == 0);
        await _channel.BasicCancelAsync(tag);
        await ended.Task;
        return [.. _received];
    }

    public Task<IReadOnlyList<Received>> HasReceived(int count) =>
        Eventually.Gives(Received, received => received.Count >= count);

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}

public sealed record Received(string Exchange, string MessageId, Envelope Event);

/// <summary>What every event says.</summary>
public sealed record Envelope : Event;

internal static class Orders
{
    /// <summary>The first deliveries of each aggregate's events come in the order in which they happened.</summary>
    public static void AssertInOrder(IEnumerable<Received> received)
    {
        var aggregates = received.DistinctBy(message => message.MessageId).GroupBy(message => message.Event.AggregateId).ToArray();
        Assert.NotEmpty(aggregates);
        Assert.All(aggregates, aggregate =>
        {
            var versions = aggregate.Select(message => message.Event.AggregateVersion).ToArray();
            Assert.Equal(Enumerable.Range(1, versions.Length).Select(version => (long)version), versions);
        });
    }
}
