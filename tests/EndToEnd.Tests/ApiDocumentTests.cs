using System.Diagnostics;
using Testing;

namespace EndToEnd.Tests;

/// <summary>The committed API documents as integrators' tools see them.</summary>
public sealed class ApiDocumentTests
{
    [Fact]
    public async Task Linters_find_nothing() => await Tool("lint", []);

    [Fact]
    public async Task A_generated_client_takes_the_first_step_of_the_story()
    {
        await using var mesh = await Mesh.Start();

        var output = await Tool("story", new Dictionary<string, string>
        {
            ["SERVICEMESH_GATEWAY"] = mesh.Gateway.Address.ToString(),
            ["SERVICEMESH_ADMINISTRATOR_SECRET"] = await File.ReadAllTextAsync(mesh.SecretFile),
        });

        Assert.Contains("SALES STORAGE NORTHWIND", output, StringComparison.Ordinal);
    }

    private static async Task<string> Tool(string command, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(Repository.PathOf("tests", "ApiDocuments", "run"), command)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var tool = Process.Start(start)!;
        var output = tool.StandardOutput.ReadToEndAsync();
        var errors = tool.StandardError.ReadToEndAsync();
        await tool.WaitForExitAsync();
        var text = await output + await errors;
        Assert.True(tool.ExitCode == 0, text);
        return text;
    }
}
