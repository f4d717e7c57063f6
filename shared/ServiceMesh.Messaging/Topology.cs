using RabbitMQ.Client;
using ServiceMesh.Messaging.Consuming;

namespace ServiceMesh.Messaging;

/// <summary>
/// The exchanges and queues of the broker. Made by the <c>migrate</c> commands before any service starts, so that no
/// event is published before its consumers' queues exist.
/// </summary>
public sealed class Topology
{
    private readonly BrokerOptions _broker;
    private readonly ServiceName _service;
    private readonly IReadOnlyList<ConsumerType> _consumers;

    internal Topology(BrokerOptions broker, ServiceName service, IReadOnlyList<ConsumerType> consumers)
    {
        _broker = broker;
        _service = service;
        _consumers = consumers;
    }

    /// <summary>Declares every event's exchange and this service's queues. Again is the same as once.</summary>
    public async Task Deploy(CancellationToken cancellation)
    {
        await using var connection = await _broker.Connect($"{_service} migrate", cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        await DeployEvents(channel, cancellation);
        await DeployQueue(channel, Queues.DeadLetter(_service), Queues.SetAside, cancellation);
        foreach (var consumer in _consumers)
        {
            await DeployQueue(channel, Queues.Error(consumer.Queue), Queues.SetAside, cancellation);
            await DeployQueue(channel, Queues.Skipped(consumer.Queue), Queues.SetAside, cancellation);
            await DeployQueue(channel, consumer.Queue, Queues.Consumer(_service), cancellation);
            await channel.ExchangeBindAsync(consumer.Queue, consumer.Event.Name, "", cancellationToken: cancellation);
        }
    }

    private static async Task DeployEvents(IChannel channel, CancellationToken cancellation)
    {
        const string unconsumed = Queues.Unconsumed;
        await DeployQueue(channel, unconsumed, Queues.LengthLimited, cancellation);
        foreach (var @event in EventType.All)
        {
            await DeployExchange(channel, @event.Name, cancellation);
            await (@event.Unconsumed
                ? channel.ExchangeBindAsync(unconsumed, @event.Name, "", cancellationToken: cancellation)
                : channel.ExchangeUnbindAsync(unconsumed, @event.Name, "", cancellationToken: cancellation));
        }
    }

    /// <summary>A queue behind an exchange of the same name, as the consumers' library expects it.</summary>
    private static async Task DeployQueue(
        IChannel channel, string name, Dictionary<string, object?> arguments, CancellationToken cancellation)
    {
        await DeployExchange(channel, name, cancellation);
        await channel.QueueDeclareAsync(
            name, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellation);
        await channel.QueueBindAsync(name, name, "", cancellationToken: cancellation);
    }

    private static Task DeployExchange(IChannel channel, string name, CancellationToken cancellation) =>
        channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, cancellationToken: cancellation);
}
