using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using ServiceMesh.Contracts;
using ServiceMesh.Messaging;
using Testing;

namespace Messaging.Tests;

/// <summary>
/// A queue of the test's own beside those of the consumers: it tells what the broker got, in which order.
/// </summary>
public sealed class Witness : IAsyncDisposable
{
    private const string Queue = "witness";

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly Lock _gate = new();
    private readonly List<Received> _received = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _marks = new();
    private int _marked;

    private Witness(IConnection connection, IChannel channel)
    {
        _connection = connection;
        _channel = channel;
    }

    public static Task<Witness> Of(Vhost vhost, params string[] events) =>
        Of(vhost, prefetch: null, new() { ["x-queue-type"] = "quorum" }, events);

    /// <summary>
    /// One whose queue refuses what comes while so many messages are in it. A classic queue decides that for each
    /// message as it comes, so that it takes some and refuses some of those that are under way at once.
    /// </summary>
    public static Task<Witness> Narrow(Vhost vhost, ushort length, params string[] events) => Of(
        vhost,
        length,
        new() { ["x-queue-type"] = "classic", ["x-max-length"] = (int)length, ["x-overflow"] = "reject-publish" },
        events);

    private static async Task<Witness> Of(
        Vhost vhost, ushort? prefetch, Dictionary<string, object?> arguments, string[] events)
    {
        var connection = await vhost.Connect();
        var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, arguments);
        foreach (var name in events) await channel.QueueBindAsync(Queue, name, "");

        // One consumer from the beginning to the end: a quorum queue gives back what one that ends has not seen.
        var witness = new Witness(connection, channel);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            witness.Note(delivery);
            if (prefetch is not null) await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
        };
        await channel.BasicQosAsync(0, prefetch ?? 0, global: false);
        await channel.BasicConsumeAsync(Queue, autoAck: prefetch is null, consumer);
        return witness;
    }

    /// <summary>Lets go what comes for an event, or takes it again.</summary>
    public Task Listen(string name, bool listens) => listens
        ? _channel.QueueBindAsync(Queue, name, "")
        : _channel.QueueUnbindAsync(Queue, name, "");

    /// <summary>Everything that has come until now: all that stands before a mark put into the queue.</summary>
    public async Task<IReadOnlyList<Received>> Received()
    {
        var mark = Interlocked.Increment(ref _marked).ToString(CultureInfo.InvariantCulture);
        var seen = _marks[mark] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Eventually.Passes(() => Put(mark));
        await seen.Task;
        lock (_gate) return [.. _received];
    }

    private Task Put(string mark) =>
        _channel.BasicPublishAsync(
            "", Queue, mandatory: true, new BasicProperties { MessageId = mark }, ReadOnlyMemory<byte>.Empty).AsTask();

    public Task<IReadOnlyList<Received>> HasReceived(int count) =>
        Eventually.Gives(Received, received => received.Count >= count);

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private void Note(BasicDeliverEventArgs delivery)
    {
        var id = delivery.BasicProperties.MessageId!;
        if (delivery.Exchange.Length == 0)
        {
            _marks[id].SetResult();
            return;
        }

        var envelope = JsonSerializer.Deserialize<Envelope>(delivery.Body.Span, EventJson.Options)!;
        lock (_gate) _received.Add(new Received(delivery.Exchange, id, envelope));
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
        var aggregates = received
            .DistinctBy(message => message.MessageId)
            .GroupBy(message => message.Event.AggregateId)
            .ToArray();
        Assert.NotEmpty(aggregates);
        Assert.All(aggregates, aggregate =>
        {
            var versions = aggregate.Select(message => message.Event.AggregateVersion).ToArray();
            Assert.Equal(Enumerable.Range(1, versions.Length).Select(version => (long)version), versions);
        });
    }

    /// <summary>
    /// The same of the last deliveries, which is what holds where the broker refused some in between.
    /// </summary>
    public static void AssertLastInOrder(IEnumerable<Received> received) =>
        AssertInOrder(received.Reverse().DistinctBy(message => message.MessageId).Reverse());
}
