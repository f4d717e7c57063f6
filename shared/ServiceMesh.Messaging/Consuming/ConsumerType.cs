using System.Text.RegularExpressions;

namespace ServiceMesh.Messaging.Consuming;

/// <summary>A consumer of the product, found by the one interface it implements, and its queue.</summary>
internal sealed partial record ConsumerType(Type Type, EventType Event, bool IsState, string Queue)
{
    private const string Suffix = "Consumer";

    /// <summary>What the bus is given in its place.</summary>
    public Type Adapter => typeof(InboxConsumer<,>).MakeGenericType(Type, Event.Type);

    /// <exception cref="ArgumentException">The type breaks a convention.</exception>
    public static ConsumerType Of(Type type, ServiceName service)
    {
        var contracts = type.GetInterfaces()
            .Where(contract => contract.IsGenericType
                && contract.GetGenericTypeDefinition() is var open
                && (open == typeof(IChangeConsumer<>) || open == typeof(IStateConsumer<>)))
            .ToArray();
        if (contracts is not [var contract])
            throw new ArgumentException(
                $"{type.Name} consumes {contracts.Length} events instead of one.", nameof(type));
        if (!type.Name.EndsWith(Suffix, StringComparison.Ordinal))
            throw new ArgumentException($"{type.Name} is not called …{Suffix}.", nameof(type));

        var @event = EventType.Of(contract.GetGenericArguments()[0]);
        return @event.Unconsumed
            ? throw new ArgumentException($"{@event.Name} is marked as consumed by nobody.", nameof(type))
            : new ConsumerType(
                type,
                @event,
                contract.GetGenericTypeDefinition() == typeof(IStateConsumer<>),
                $"{service}.{Kebab(type.Name[..^Suffix.Length])}");
    }

    private static string Kebab(string name) =>
        WordStart().Replace(name, "-$0").ToLowerInvariant();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex WordStart();
}
