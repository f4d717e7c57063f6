using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using ServiceMesh.Data;

namespace ServiceMesh.Messaging.Consuming;

/// <summary>What stands between the bus and a consumer of the product: one delivery, one transaction, one entry in the inbox.</summary>
internal sealed class InboxConsumer<TConsumer, TEvent>(Database database, IServiceProvider services, ConsumerType<TConsumer> type)
    : IConsumer<TEvent>
    where TConsumer : class
    where TEvent : Contracts.Event
{
    public async Task Consume(ConsumeContext<TEvent> context)
    {
        using var activity = Telemetry.Source.StartActivity(
            $"{type.Value.Queue} apply", ActivityKind.Consumer, context.Headers.Get<string>(EventHeaders.TraceParent));
        var consumer = services.GetRequiredService<TConsumer>();
        var applied = await database.InTransaction(
            Tenant.Provider,
            transaction => Apply(transaction, consumer, context.Message),
            context.CancellationToken);
        (applied ? Telemetry.Applied : Telemetry.Ignored).Add(1);
    }

    private Task<bool> Apply(Transaction transaction, TConsumer consumer, TEvent message) => consumer switch
    {
        IChangeConsumer<TEvent> changes => Inbox.Apply(
            transaction, type.Value.Queue, message, () => changes.Apply(transaction, message)),
        IStateConsumer<TEvent> states => Inbox.ApplyState(
            transaction, type.Value.Queue, message, () => states.Apply(transaction, message)),
        _ => throw new UnreachableException(),
    };
}

/// <summary>The same, to be found by the consumer's type.</summary>
internal sealed record ConsumerType<TConsumer>(ConsumerType Value);
