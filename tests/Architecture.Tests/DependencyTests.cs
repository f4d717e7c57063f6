using System.Xml.Linq;

namespace Architecture.Tests;

public sealed class DependencyTests
{
    private const string Primitives = "ServiceMesh.Primitives";

    private static readonly Dictionary<string, string[]> Shared = new()
    {
        [Primitives] = [],
        ["ServiceMesh.Contracts"] = [],
        ["ServiceMesh.Data"] = [Primitives],
        ["ServiceMesh.Printing"] = [Primitives],
        ["ServiceMesh.Messaging"] = ["ServiceMesh.Data", "ServiceMesh.Contracts"],
        ["ServiceMesh.Hosting"] = ["ServiceMesh.Data", "ServiceMesh.Messaging"],
    };

    private static readonly string[] Pure = [Primitives, "ServiceMesh.Contracts"];

    private static readonly Project[] Product =
    [
        .. SourceTree.All
            .Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal))
            .Where(file => file.Path.StartsWith("services/", StringComparison.Ordinal)
                || file.Path.StartsWith("shared/", StringComparison.Ordinal))
            .Select(Project.Read),
    ];

    [Fact]
    public void Dependencies_point_inwards() => Rule.Holds(
        "references",
        Product,
        project => project.Name,
        project => project.References.Except(AllowedFor(project)).ToArray() is { Length: > 0 } others
            ? $"may not reference {string.Join(", ", others)}"
            : null);

    [Fact]
    public void The_pure_parts_use_no_packages() => Rule.Holds(
        "pure-packages",
        Product.Where(
            project => project.Name.EndsWith(".Domain", StringComparison.Ordinal) || Pure.Contains(project.Name)),
        project => project.Name,
        project => project.Packages.Except(["NodaTime"]).ToArray() is { Length: > 0 } packages
            ? $"uses {string.Join(", ", packages)}"
            : null);

    [Fact]
    public void MassTransit_stays_in_messaging_and_in_consumers() => Rule.Holds(
        "masstransit",
        SourceTree.Product.Where(file => file.Text.Contains("using MassTransit", StringComparison.Ordinal)),
        file => file.Path,
        file => file.Path.StartsWith("shared/ServiceMesh.Messaging/", StringComparison.Ordinal)
            || file.Path.EndsWith("Consumer.cs", StringComparison.Ordinal)
                ? null
                : "names MassTransit");

    [Fact]
    public void The_domain_does_no_io_and_reads_no_clock() => Rule.Holds(
        "domain-purity",
        SourceTree.Product.Where(file => file.Path.Contains("/Domain/", StringComparison.Ordinal)),
        file => file.Path,
        file => new[] { "System.IO", "System.Net", "TimeProvider", "Npgsql", "Dapper", "async ", "Task<" }
            .Where(word => file.Text.Contains(word, StringComparison.Ordinal)).ToArray() is { Length: > 0 } found
                ? $"mentions {string.Join(", ", found)}"
                : null);

    private static IEnumerable<string> AllowedFor(Project project) => project.Name switch
    {
        _ when Shared.TryGetValue(project.Name, out var allowed) => allowed,
        _ when project.Name.EndsWith(".Domain", StringComparison.Ordinal) => [Primitives],
        "Gateway" => Shared.Keys,
        _ => [project.Name.Replace(".Api", ".Domain", StringComparison.Ordinal), .. Shared.Keys],
    };

    private sealed record Project(string Name, string[] References, string[] Packages)
    {
        public static Project Read(SourceFile file)
        {
            var items = XDocument.Parse(file.Text).Descendants().ToArray();
            string[] Includes(string kind) =>
                [.. items.Where(item => item.Name.LocalName == kind).Select(item => item.Attribute("Include")!.Value)];
            return new Project(
                Path.GetFileNameWithoutExtension(file.Path),
                [.. Includes("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path))],
                Includes("PackageReference"));
        }
    }
}
