using MassTransit;
using ServiceMesh.Data;

namespace ServiceMesh.Messaging.Consuming;

/// <summary>The conventions of every consumer's endpoint, in one place.</summary>
internal sealed class Endpoints(ServiceName service, BrokerOptions broker, IReadOnlyList<ConsumerType> consumers)
{
    /// <summary>Messages that a replica holds per queue, worked on or waiting to be.</summary>
    private const ushort PrefetchCount = 200;

    /// <summary>Messages of a queue that may share a transaction or wait for the next one.</summary>
    private const int Concurrency = 100;

    /// <summary>For a fault of the message or of the code, which more patience does not help.</summary>
    private static readonly TimeSpan[] Retries =
        [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2)];

    // A database that is away is waited for: together a little less than the broker's patience with a consumer, half an
    // hour.
    private const int OutageRetries = 110;
    private static readonly TimeSpan OutageFirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan OutageLongestDelay = TimeSpan.FromSeconds(15);

    public void Register(IBusRegistrationConfigurator bus)
    {
        foreach (var consumer in consumers) bus.AddConsumer(consumer.Adapter);
        bus.UsingRabbitMq((context, rabbit) => Configure(context, rabbit));
    }

    private void Configure(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator bus)
    {
        bus.Host(broker.Host, broker.Port, broker.VirtualHost, $"{service} consumers", host =>
        {
            host.Username(broker.Username);
            host.Password(broker.Secret ?? "");
        });
        bus.ConfigureJsonSerializerOptions(EventJson.Configure);
        bus.SendTopology.ConfigureErrorSettings = SetAside;
        bus.SendTopology.ConfigureDeadLetterSettings = SetAside;
        foreach (var consumer in consumers)
        {
            bus.ReceiveEndpoint(consumer.Queue, endpoint => Configure(context, endpoint, consumer));
        }
    }

    private void Configure(
        IBusRegistrationContext context, IRabbitMqReceiveEndpointConfigurator endpoint, ConsumerType consumer)
    {
        endpoint.ConfigureConsumeTopology = false;
        endpoint.PublishFaults = false;
        endpoint.PrefetchCount = PrefetchCount;
        endpoint.ConcurrentMessageLimit = Concurrency;
        endpoint.UseRawJsonDeserializer(
            RawSerializerOptions.AnyMessageType | RawSerializerOptions.CopyHeaders, isDefault: true);
        foreach (var (name, value) in Queues.Consumer(service)) endpoint.SetQueueArgument(name, value!);
        endpoint.Bind(consumer.Event.Name);
        endpoint.UseMessageRetry(retry =>
        {
            retry.Handle<Exception>(Faults.IsTransient);
            retry.Exponential(OutageRetries, OutageFirstDelay, OutageLongestDelay, OutageFirstDelay);
        });
        endpoint.UseMessageRetry(retry =>
        {
            retry.Ignore<Exception>(Faults.IsTransient);
            retry.Intervals(Retries);
        });
        endpoint.ConfigureConsumer(context, consumer.Adapter);
    }

    private static void SetAside(IRabbitMqQueueBindingConfigurator queue)
    {
        foreach (var name in Queues.NotInherited) queue.SetQueueArgument(name, null);
        foreach (var (name, value) in Queues.SetAside) queue.SetQueueArgument(name, value);
    }
}
