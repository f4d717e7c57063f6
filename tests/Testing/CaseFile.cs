using System.Text.Json;

namespace ServiceMesh.Testing;

/// <summary>Published numbers to reproduce: one JSON document of <c>tests/cases</c> per family.</summary>
public static class CaseFile
{
    /// <summary>The cases of a family, each with its unique name within the document.</summary>
    /// <param name="family">Name of the file without extension, for example <c>split</c>.</param>
    public static IEnumerable<(string Name, JsonElement Input, JsonElement Expected)> Read(string family)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "tests", "cases", $"{family}.json")));
        return
        [
            .. document.RootElement.GetProperty("cases").EnumerateArray().Select(item => (
                item.GetProperty("name").GetString()!,
                item.GetProperty("input").Clone(),
                item.GetProperty("expected").Clone())),
        ];
    }

    /// <summary>One case of a family.</summary>
    public static (JsonElement Input, JsonElement Expected) Read(string family, string name)
    {
        var (_, input, expected) = Read(family).Single(item => item.Name == name);
        return (input, expected);
    }

    /// <summary>A file of the real data sets beside the project, or null where they are not.</summary>
    public static string? SharedData(string file)
    {
        var path = Path.Combine(Root, "..", "shared", "data", file);
        return File.Exists(path) ? path : null;
    }

    private static string Root { get; } = Ancestors(AppContext.BaseDirectory)
        .First(folder => File.Exists(Path.Combine(folder, "ServiceMesh.sln")));

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            yield return at.FullName;
        }
    }
}
