using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Testing;

namespace EndToEnd.Tests;

/// <summary>The main job, carried out by the demo itself against the running mesh.</summary>
public sealed class StoryTests : IAsyncLifetime
{
    private Mesh _mesh = null!;

    public async ValueTask InitializeAsync() => _mesh = await Mesh.Start();

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    [Fact]
    public async Task A_month_closes_once()
    {
        var first = await Demo("--rows", "2000");
        Assert.True(first.ExitCode == 0, first.Output);
        using var client = await _mesh.Client();
        var before = await Figures(client, "2026-10");

        var second = await Demo("--rows", "2000");

        Assert.True(second.ExitCode == 0, second.Output);
        Assert.Contains("is closed", second.Output, StringComparison.Ordinal);
        Assert.Equal(before, await Figures(client, "2026-10"));
        await NothingIsLeftOver(client);
    }

    [Fact]
    public async Task Real_bills_close_to_the_cent()
    {
        var file = Repository.PathOf("..", "shared", "data", "focus-sample.csv");
        Assert.SkipUnless(File.Exists(file), $"{file} is not there.");

        var run = await Demo("--month", "2024-09", "--focus", file);

        Assert.True(run.ExitCode == 0, run.Output);
        using var client = await _mesh.Client();
        var month = await Read(client, "/internal/v1/reconciliation/2024-09");
        Assert.Contains("\"20.52\"", month.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_month_waits_for_the_other_side_and_goes_on_by_itself()
    {
        using var client = await _mesh.Client();
        await SetUp(client);
        await _mesh.External.Kill();

        using var closing = await client.PostAsync("/internal/v1/periods/2026-09/close", null);
        Assert.True(closing.IsSuccessStatusCode, await closing.Content.ReadAsStringAsync());
        var waiting = await Eventually.Gives(
            () => Read(client, "/internal/v1/periods/2026-09"), period => period["waitingFor"] is not null);
        Assert.Equal("closing", waiting["state"]!.GetValue<string>());
        Assert.Equal("external-services", waiting["waitingFor"]!["party"]!.GetValue<string>());

        await _mesh.StartExternal();
        await Eventually.Gives(
            () => Read(client, "/internal/v1/periods/2026-09"),
            period => period["state"]!.GetValue<string>() == "closed");
    }

    /// <summary>The least that a month can be closed with.</summary>
    internal static async Task SetUp(HttpClient client)
    {
        const string storage = "STORAGE";
        await Create("/internal/v1/departments", new { code = "OPS", name = "Operations" });
        await Create("/internal/v1/services", new
        {
            code = storage,
            name = "Storage",
            unit = "GB-month",
            ownerDepartment = "OPS",
            audience = "both",
            charging = "chargeback",
            pricing = "costRecovery",
        });
        await Create(
            "/internal/v1/cost-pools", new { code = storage, name = "Storage", kind = "service", service = storage });
        await Create("/internal/v1/rule-sets", new
        {
            method = "direct",
            rules = new[]
            {
                new { pool = storage, driver = new { kind = "usage", service = storage }, whenZero = "unallocated" },
            },
        });

        async Task Create(string path, object body)
        {
            using var answer = await client.PostAsJsonAsync(path, body);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    /// <summary>Everything that a second run could have changed.</summary>
    private static async Task<string> Figures(HttpClient client, string month)
    {
        string[] paths =
        [
            $"/internal/v1/periods/{month}", $"/internal/v1/reconciliation/{month}", "/internal/v1/cost-imports",
            $"/internal/v1/statements?month={month}",
            "/external/v1/invoices",
            $"/external/v1/profitability/customers?month={month}",
        ];
        List<string> figures = [];
        foreach (var path in paths) figures.Add((await Read(client, path)).ToJsonString());
        return string.Join('\n', figures);
    }

    private static async Task NothingIsLeftOver(HttpClient client)
    {
        foreach (var side in new[] { "internal", "external" })
        {
            var messaging = await Read(client, $"/{side}/v1/ops/messaging");
            Assert.Equal(0, messaging["outboxDepth"]!.GetValue<long>());
            Assert.Equal(0, messaging["parkedEvents"]!.GetValue<long>());
        }
    }

    internal static async Task<JsonNode> Read(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}");
        return JsonNode.Parse(text)!;
    }

    private async Task<(int ExitCode, string Output)> Demo(params string[] options)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Demo.dll"), .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["SERVICEMESH_GATEWAY"] = _mesh.Gateway.Address.ToString(),
                ["SERVICEMESH_ADMINISTRATOR_SECRET_FILE"] = _mesh.SecretFile,
                ["SERVICEMESH_DEMO_FOLDER"] = Path.GetTempPath(),
            },
        };
        using var demo = Process.Start(start)!;
        var output = demo.StandardOutput.ReadToEndAsync();
        var errors = demo.StandardError.ReadToEndAsync();
        await demo.WaitForExitAsync();
        return (demo.ExitCode, await output + await errors);
    }
}
