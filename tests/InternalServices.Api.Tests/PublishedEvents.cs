using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Testing;

namespace InternalServices.Api.Tests;

/// <summary>What the service publishes, as another service would receive it.</summary>
public sealed class PublishedEvents : IAsyncDisposable
{
    private readonly ConcurrentQueue<JsonNode> _received = new();
    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private PublishedEvents(IConnection connection, IChannel channel) =>
        (_connection, _channel) = (connection, channel);

    /// <summary>Everything received so far about one aggregate, in the order of arrival.</summary>
    public IReadOnlyList<JsonNode> About(string aggregate) =>
        [.. _received.Where(sent => (string?)sent["aggregateId"] == aggregate)];

    /// <summary>Everything received so far that has this member.</summary>
    public IReadOnlyList<JsonNode> Named(string member) => [.. _received.Where(sent => sent[member] is not null)];

    public static async Task<PublishedEvents> Of(Vhost vhost, params string[] exchanges)
    {
        var connection = await vhost.Connect();
        var channel = await connection.CreateChannelAsync();
        var events = new PublishedEvents(connection, channel);
        var queue = await channel.QueueDeclareAsync();
        foreach (var exchange in exchanges) await channel.QueueBindAsync(queue.QueueName, exchange, "");
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            events._received.Enqueue(JsonNode.Parse(message.Body.Span)!);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer);
        return events;
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
