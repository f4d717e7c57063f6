using MassTransit;

namespace ServiceMesh.Messaging.Consuming;

/// <summary>
/// What the bus sees of a consumer of the product: it hands over each delivery and waits for its effect.
/// </summary>
internal sealed class InboxConsumer<TConsumer, TEvent>(Batcher<TConsumer, TEvent> batcher) : IConsumer<TEvent>
    where TConsumer : class
    where TEvent : Contracts.Event
{
    public Task Consume(ConsumeContext<TEvent> context) =>
        batcher.Apply(context.Message, context.Headers.Get<string>(EventHeaders.TraceParent));
}

/// <summary>A consumer's convention, to be found by its type.</summary>
internal sealed record ConsumerType<TConsumer>(ConsumerType Value);
