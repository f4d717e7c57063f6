using System.Reflection;
using System.Text.RegularExpressions;
using ServiceMesh.Contracts;

namespace Architecture.Tests;

public sealed partial class EventTests
{
    private static readonly Type[] Events =
        [.. typeof(Event).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Event)))];

    [Fact]
    public void Events_have_a_fixed_name_of_their_owner() => Rule.Holds(
        "event-names",
        Events,
        type => type.Name,
        type => type.GetCustomAttribute<EventAttribute>() is { } named && WireName().IsMatch(named.Name)
            ? null
            : "needs [Event(\"internal.…\")] or [Event(\"external.…\")]");

    [Fact]
    public void Event_names_are_unique() => Assert.Distinct(
        Events.Select(type => type.GetCustomAttribute<EventAttribute>()!.Name));

    [Fact]
    public void Every_event_is_consumed_or_says_that_it_is_not()
    {
        var consumers = SourceTree.Product
            .Where(file => file.Path.EndsWith("Consumer.cs", StringComparison.Ordinal))
            .ToArray();
        Rule.Holds(
            "consumed",
            Events,
            type => type.Name,
            type => consumers.Any(file => file.Text.Contains($"<{type.Name}>", StringComparison.Ordinal))
                != type.GetCustomAttribute<EventAttribute>()!.Unconsumed
                    ? null
                    : "its Unconsumed flag and the consumers disagree");
    }

    [GeneratedRegex(@"^(internal|external)\.[a-z]+(-[a-z]+)*$")]
    private static partial Regex WireName();
}
