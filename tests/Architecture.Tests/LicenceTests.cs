using System.Text.Json;
using System.Xml.Linq;

namespace Architecture.Tests;

public sealed class LicenceTests
{
    private static readonly string[] Permissive =
    [
        "MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "PostgreSQL", "MS-PL", "LGPL-2.1-or-later",
        "LGPL-3.0-or-later", "0BSD", "ISC", "Unlicense", "MPL-2.0", "BSL-1.0",
    ];

    private static readonly string[] Foreign = ["node_modules", "/.run/"];

    [Fact]
    public void Every_restored_package_has_a_permissive_licence() => Rule.Holds(
        "licence",
        RestoredPackages(),
        package => package.Id,
        package => LicenceOf(package) is var licence && IsPermissive(licence)
            ? null
            : $"{package.Version} is under '{licence}'");

    private static bool IsPermissive(string licence) => licence
        .Split([" OR ", " AND ", "(", ")"], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        is { Length: > 0 } parts && Array.TrueForAll(parts, Permissive.Contains);

    private static IEnumerable<Package> RestoredPackages() => Directory
        .EnumerateFiles(SourceTree.Root, "project.assets.json", SearchOption.AllDirectories)
        .Where(file => !Array.Exists(Foreign, part => file.Contains(part, StringComparison.Ordinal)))
        .SelectMany(PackagesOf)
        .DistinctBy(package => (package.Id, package.Version));

    private static List<Package> PackagesOf(string assets)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(assets));
        var folder = document.RootElement.GetProperty("packageFolders").EnumerateObject().First().Name;
        return
        [
            .. document.RootElement.GetProperty("libraries").EnumerateObject()
                .Where(library => library.Value.GetProperty("type").GetString() == "package")
                .Select(library => new Package(
                    library.Name.Split('/')[0],
                    library.Name.Split('/')[1],
                    Path.Combine(folder, library.Value.GetProperty("path").GetString()!))),
        ];
    }

    /// <summary>The licence expression, or what the older forms give: the text's address.</summary>
    private static string LicenceOf(Package package)
    {
        var specification = Directory.EnumerateFiles(package.Folder, "*.nuspec").Single();
        var metadata = XDocument.Load(specification).Descendants().ToArray();
        var licence = metadata.FirstOrDefault(element => element.Name.LocalName == "license");
        return licence?.Attribute("type")?.Value == "expression"
            ? licence.Value
            : metadata.FirstOrDefault(element => element.Name.LocalName == "licenseUrl")?.Value ?? licence?.Value ?? "";
    }

    private sealed record Package(string Id, string Version, string Folder);
}
