using System.Diagnostics;

namespace Architecture.Tests;

/// <summary>The files that git tracks or would track, with their text.</summary>
internal static class SourceTree
{
    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> All { get; } = [.. Tracked().Select(path => new SourceFile(path))];

    public static IReadOnlyList<SourceFile> CSharp { get; } =
        [.. All.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal))];

    /// <summary>C# of the product: what is deployed.</summary>
    public static IReadOnlyList<SourceFile> Product { get; } =
    [
        .. CSharp.Where(file => file.Path.StartsWith("services/", StringComparison.Ordinal)
            || file.Path.StartsWith("shared/", StringComparison.Ordinal)),
    ];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ServiceMesh.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }

    private static IEnumerable<string> Tracked()
    {
        using var git = Process.Start(new ProcessStartInfo("git", "ls-files --cached --others --exclude-standard")
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        })!;
        var paths = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        return paths.Where(path => File.Exists(Path.Combine(Root, path)));
    }
}

/// <param name="Path">From the root, with forward slashes.</param>
internal sealed record SourceFile(string Path)
{
    private string? _text;

    public string Text => _text ??= File.ReadAllText(System.IO.Path.Combine(SourceTree.Root, Path));

    public IReadOnlyList<string> Lines => Text.Split('\n');

    public override string ToString() => Path;
}
