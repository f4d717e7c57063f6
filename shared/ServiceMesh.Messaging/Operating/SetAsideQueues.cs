using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using ServiceMesh.Messaging.Consuming;
using ServiceMesh.Primitives;

namespace ServiceMesh.Messaging;

/// <summary>The queues of messages that no consumer could apply, as an operator sees them.</summary>
public sealed class SetAsideQueues
{
    /// <summary>More at a time are neither listed nor replayed.</summary>
    public const int ReadAtMost = 500;

    private readonly BrokerOptions _broker;
    private readonly ServiceName _service;
    private readonly IReadOnlyList<ConsumerType> _consumers;

    internal SetAsideQueues(BrokerOptions broker, ServiceName service, IReadOnlyList<ConsumerType> consumers)
    {
        _broker = broker;
        _service = service;
        _consumers = consumers;
    }

    /// <summary>The messages that have waited longest first. They stay where they are.</summary>
    public Task<Outcome<IReadOnlyList<SetAsideMessage>>> List(
        string queue, int limit, CancellationToken cancellation) =>
        OnQueue<IReadOnlyList<SetAsideMessage>>(queue, async channel =>
        {
            var messages = new List<SetAsideMessage>();
            ulong last = 0;
            while (messages.Count < Math.Min(limit, ReadAtMost)
                && await Get(channel, queue, cancellation) is { } message)
            {
                messages.Add(MessageText.Of(message));
                last = message.DeliveryTag;
            }

            if (messages.Count > 0) await channel.BasicNackAsync(last, multiple: true, requeue: true, cancellation);
            return messages;
        }, cancellation);

    /// <summary>Sends messages back to their consumers' queues, the longest waiting first.</summary>
    /// <param name="queue">One that holds messages for an operator.</param>
    /// <param name="messages">Their ids; every message when left out.</param>
    /// <param name="cancellation">Stops between two messages.</param>
    /// <returns>How many were sent back.</returns>
    public Task<Outcome<int>> Replay(
        string queue, IReadOnlyCollection<string>? messages, CancellationToken cancellation) =>
        OnQueue<int>(queue, async channel =>
        {
            // What fails again while this goes on comes back to the end of the queue and waits for another replay.
            var waiting = (await channel.QueueDeclarePassiveAsync(queue, cancellation)).MessageCount;
            var limit = Math.Min(waiting, ReadAtMost);
            var replayed = 0;
            for (var read = 0; read < limit && await Get(channel, queue, cancellation) is { } message; read++)
            {
                // What is not wanted stays unanswered, and returns to its place when the channel closes.
                if (messages is not null && !messages.Contains(message.BasicProperties.MessageId ?? "")) continue;
                if (ConsumerQueueOf(queue, message) is not { } consumer) continue;
                await channel.BasicPublishAsync(
                    "",
                    consumer,
                    mandatory: true,
                    Replays.Properties(message.BasicProperties),
                    message.Body,
                    cancellation);
                await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellation);
                replayed++;
            }

            return replayed;
        }, cancellation);

    internal async Task<IReadOnlyList<QueueStatus>?> Count(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await Connect(cancellation);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
            var counts = new List<QueueStatus>();
            foreach (var (queue, kind) in Known())
            {
                var declared = await channel.QueueDeclarePassiveAsync(queue, cancellation);
                counts.Add(new QueueStatus(queue, kind, declared.MessageCount));
            }

            return counts;
        }
        catch (Exception fault) when (fault is BrokerUnreachableException or OperationInterruptedException)
        {
            return null;
        }
    }

    private IEnumerable<(string Queue, QueueKind Kind)> Known() =>
        _consumers
            .SelectMany(consumer => new[]
            {
                (consumer.Queue, QueueKind.Consumer),
                (Queues.Error(consumer.Queue), QueueKind.Error),
                (Queues.Skipped(consumer.Queue), QueueKind.Skipped),
            })
            .Append((Queues.DeadLetter(_service), QueueKind.DeadLetter));

    private async Task<Outcome<T>> OnQueue<T>(
        string queue, Func<IChannel, Task<T>> work, CancellationToken cancellation)
    {
        if (!Known().Any(known => known.Queue == queue && known.Kind is not QueueKind.Consumer))
            return Refusal.NotFound("queue", queue);

        var confirming = new CreateChannelOptions(
            publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
        await using var connection = await Connect(cancellation);
        await using var channel = await connection.CreateChannelAsync(confirming, cancellation);
        return await work(channel);
    }

    private Task<IConnection> Connect(CancellationToken cancellation) =>
        _broker.Connect($"{_service} operator", cancellation);

    private static Task<BasicGetResult?> Get(IChannel channel, string queue, CancellationToken cancellation) =>
        channel.BasicGetAsync(queue, autoAck: false, cancellation);

    private string? ConsumerQueueOf(string queue, BasicGetResult message)
    {
        var owner = _consumers.FirstOrDefault(
            consumer => Queues.Error(consumer.Queue) == queue || Queues.Skipped(consumer.Queue) == queue);
        var origin = owner?.Queue ?? MessageText.Header(message, "x-first-death-queue");
        return _consumers.Any(consumer => consumer.Queue == origin) ? origin : null;
    }
}
