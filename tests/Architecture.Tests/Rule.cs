namespace Architecture.Tests;

/// <summary>Checks a rule over many places: each check first shows that it looked at something.</summary>
internal static class Rule
{
    private const string ExemptionsFile = "tests/Architecture.Tests/exemptions.txt";

    /// <summary>Lines of <c>rule place # reason</c>; each is a reviewed decision.</summary>
    private static readonly ILookup<string, string> Exemptions = File
        .ReadLines(Path.Combine(SourceTree.Root, ExemptionsFile))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split(' ', 3))
        .ToLookup(parts => parts[0], parts => parts[1]);

    /// <param name="name">The rule's name in the exemptions.</param>
    /// <param name="places">Where it applies.</param>
    /// <param name="nameOf">How a place is written in the exemptions.</param>
    /// <param name="breach">What is wrong with a place, or null.</param>
    public static void Holds<T>(string name, IEnumerable<T> places, Func<T, string> nameOf, Func<T, string?> breach)
    {
        var looked = places.ToArray();
        Assert.NotEmpty(looked);
        var exempt = Exemptions[name].ToHashSet();
        var breaches = looked
            .Where(place => !exempt.Contains(nameOf(place)))
            .Select(place => (Name: nameOf(place), What: breach(place)))
            .Where(found => found.What is not null)
            .Select(found => $"{found.Name}: {found.What}")
            .ToArray();
        Assert.True(breaches.Length == 0, $"{name}:\n{string.Join('\n', breaches)}");

        var idle = exempt.Except(looked.Where(place => breach(place) is not null).Select(nameOf)).ToArray();
        Assert.True(idle.Length == 0, $"{name} no longer needs its exemption of: {string.Join(", ", idle)}");
    }
}
