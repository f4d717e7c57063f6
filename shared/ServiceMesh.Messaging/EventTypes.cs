using System.Collections.Concurrent;
using System.Reflection;
using ServiceMesh.Contracts;

namespace ServiceMesh.Messaging;

/// <summary>An event's type and its name on the wire.</summary>
internal sealed record EventType(Type Type, string Name, bool Unconsumed)
{
    private static readonly ConcurrentDictionary<Type, EventType> Known = new();

    /// <summary>Every event of the contracts.</summary>
    public static IReadOnlyList<EventType> All { get; } =
    [
        .. typeof(Event).Assembly.GetExportedTypes()
            .Where(type => type.IsSubclassOf(typeof(Event)) && !type.IsAbstract)
            .Select(Of)
            .OrderBy(type => type.Name, StringComparer.Ordinal),
    ];

    public static EventType Of(Type type) => Known.GetOrAdd(type, static type =>
        type.GetCustomAttribute<EventAttribute>() is { } attribute
            ? new EventType(type, attribute.Name, attribute.Unconsumed)
            : throw new ArgumentException($"{type.Name} has no [Event(…)] that names it on the wire.", nameof(type)));
}
