using System.Text.RegularExpressions;

namespace Architecture.Tests;

public sealed partial class LayoutTests
{
    private static readonly string[] TopLevel =
    [
        "services", "shared", "deploy", "tests", "Directory.Build.props", "Directory.Packages.props", "ServiceMesh.sln",
        "README.md", "global.json", "BannedSymbols.txt",
    ];

    [Fact]
    public void Top_level_holds_only_what_the_owner_fixed_and_what_dotnet_needs() => Rule.Holds(
        "top-level",
        SourceTree.All.Select(file => file.Path.Split('/')[0]).Distinct(),
        name => name,
        name => name[0] == '.' || TopLevel.Contains(name) ? null : "does not belong here");

    [Fact]
    public void Files_stay_short() => Rule.Holds(
        "file-length",
        SourceTree.CSharp,
        file => file.Path,
        file => file.Lines.Count > (file.Path.StartsWith("tests/", StringComparison.Ordinal) ? 401 : 251)
            ? $"{file.Lines.Count} lines want splitting"
            : null);

    [Fact]
    public void Lines_end_before_the_page_does() => Rule.Holds(
        "line-length",
        SourceTree.CSharp,
        file => file.Path,
        file => LinesBeyond(file, column: 120) is { Length: > 0 } lines ? $"lines {string.Join(", ", lines)}" : null);

    private static int[] LinesBeyond(SourceFile file, int column) =>
        [.. file.Lines.Index().Where(line => line.Item.Length > column).Select(line => line.Index + 1)];

    [Fact]
    public void Nothing_is_called_helper_or_manager() => Rule.Holds(
        "names",
        SourceTree.CSharp.SelectMany(
            file => TypeName().Matches(file.Text).Select(type => (file.Path, Name: type.Groups[1].Value))),
        type => $"{type.Path}:{type.Name}",
        type => VagueName().IsMatch(type.Name) ? "says nothing" : null);

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(SourceTree.Root, "ServiceMesh.sln")).Replace('\\', '/');
        Rule.Holds(
            "solution",
            SourceTree.All.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal)),
            project => project.Path,
            project => solution.Contains(project.Path, StringComparison.Ordinal) ? null : "is not in ServiceMesh.sln");
    }

    [GeneratedRegex(@"(?:class|record|struct|interface|enum) (\w+)")]
    private static partial Regex TypeName();

    [GeneratedRegex("(Helper|Manager|Util|Utils|Utility|Common|Misc)s?$")]
    private static partial Regex VagueName();
}
