using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ServiceMesh.Data;
using ServiceMesh.Messaging.Consuming;
using ServiceMesh.Messaging.Relaying;

namespace ServiceMesh.Messaging;

public static class MessagingServices
{
    /// <summary>
    /// Lets a service publish by its <see cref="Outbox"/> and consume by its consumers, over the sections <c>Broker</c>
    /// and <c>Messaging</c>. Adds the health check <c>broker</c>.
    /// </summary>
    /// <param name="builder">The service's.</param>
    /// <param name="service">The prefix of its queues, for example <c>internal-services</c>.</param>
    /// <param name="register">Names the consumers.</param>
    public static void AddServiceMeshMessaging(
        this IHostApplicationBuilder builder, string service, Action<ConsumerRegistration> register)
    {
        var name = new ServiceName(service);
        var registration = new ConsumerRegistration(builder.Services, name);
        register(registration);
        var consumers = registration.Consumers;
        var broker = builder.Configuration.GetSection(BrokerOptions.Section).Get<BrokerOptions>() ?? new();
        var options = builder.Configuration.GetSection(MessagingOptions.Section).Get<MessagingOptions>() ?? new();

        builder.Services.AddSingleton(name).AddSingleton(broker).AddSingleton(options);
        builder.Services.AddSingleton<RelaySignal>();
        builder.Services.AddSingleton(services => new Outbox(services.GetRequiredService<RelaySignal>()));
        builder.Services.AddSingleton(new Topology(broker, name, consumers));
        builder.Services.AddSingleton(services => new MessagingOperations(
            new ParkedEvents(services.GetRequiredService<Database>(), services.GetRequiredService<RelaySignal>()),
            new SetAsideQueues(broker, name, consumers)));
        builder.Services.AddSingleton(typeof(Batcher<,>));
        builder.Services.AddHostedService<Relay>();
        builder.Services.AddHostedService<InboxPrune>();
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.ConfigureHealthCheckOptions(check =>
            {
                check.Name = "broker";
                check.Tags.Clear();
            });
            new Endpoints(name, broker, consumers).Register(bus);
        });
    }
}

/// <summary>Names the consumers of a service.</summary>
public sealed class ConsumerRegistration
{
    private readonly IServiceCollection _services;
    private readonly ServiceName _service;
    private readonly List<ConsumerType> _consumers = [];

    internal ConsumerRegistration(IServiceCollection services, ServiceName service)
    {
        _services = services;
        _service = service;
    }

    internal IReadOnlyList<ConsumerType> Consumers => _consumers;

    /// <summary>
    /// An <see cref="IChangeConsumer{TEvent}"/> or <see cref="IStateConsumer{TEvent}"/>, which gets a queue of its own.
    /// </summary>
    public ConsumerRegistration Consumer<TConsumer>()
        where TConsumer : class
    {
        var consumer = ConsumerType.Of(typeof(TConsumer), _service);
        _consumers.Add(consumer);
        _services.AddScoped<TConsumer>();
        _services.AddSingleton(new ConsumerType<TConsumer>(consumer));
        return this;
    }
}
