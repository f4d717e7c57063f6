using System.Diagnostics;
using Testing;

namespace Benchmarks;

/// <summary>The executables as they are deployed.</summary>
internal static class Publishing
{
    private static readonly string Published = Repository.PathOf("out", "app");

    private static readonly Lazy<Task> Once = new(Publish);

    /// <param name="service">For example <c>gateway</c>.</param>
    /// <param name="assembly">For example <c>Gateway.dll</c>.</param>
    public static async Task<string> PathOf(string service, string assembly)
    {
        await Once.Value;
        return Path.Combine(Published, service, assembly);
    }

    private static async Task Publish()
    {
        using var publish = Process.Start(
            "dotnet",
            ["build", Repository.PathOf("deploy", "Publish.proj"), "--nologo", "-v", "q", $"-p:To={Published}"]);
        await publish.WaitForExitAsync();
        if (publish.ExitCode != 0) throw new InvalidOperationException("The services were not published.");
    }
}
