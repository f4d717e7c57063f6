using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Testing;

namespace EndToEnd.Tests;

/// <summary>A closed month is opened again, and both sides follow.</summary>
public sealed class ReopeningTests : IAsyncLifetime
{
    private const string Month = "2026-09";

    private Mesh _mesh = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _mesh = await Mesh.Start();
        _client = await _mesh.Client();
    }

    [Fact]
    public async Task A_month_closes_opens_again_takes_more_cost_and_closes_by_another_run_on_both_sides()
    {
        await StoryTests.SetUp(_client);
        await Cost("first", "100.00");
        await Post(_client, $"/internal/v1/periods/{Month}/close");
        var (first, closed) = (await Inside("closed"), await Outside("closed"));
        Assert.Equal(first["runId"]!.ToString(), closed["run"]!.ToString());

        using (var controller = await _mesh.ClientWith("controller"))
        {
            await Post(controller, $"/internal/v1/periods/{Month}/reopen", new { reason = "An invoice came late" });
        }

        await Inside("reopened");
        var reopened = await Outside("reopened");
        Assert.Equal("An invoice came late", reopened["reopeningReason"]!.ToString());

        await Cost("late", "7.77");
        await Post(_client, $"/internal/v1/periods/{Month}/close");
        var (second, again) = (await Inside("closed"), await Outside("closed"));
        Assert.NotEqual(first["runId"]!.ToString(), second["runId"]!.ToString());
        Assert.Equal(second["runId"]!.ToString(), again["run"]!.ToString());
        var books = await StoryTests.Read(_client, $"/internal/v1/reconciliation/{Month}");
        Assert.True(books["reconciled"]!.GetValue<bool>(), books.ToJsonString());
        Assert.Equal("107.77", books["lines"]![0]!["right"]!["amount"]!.ToString());
        var margins = await StoryTests.Read(_client, $"/external/v1/profitability/reconciliation?month={Month}");
        Assert.Equal("0.00", margins["cost"]!["difference"]!["amount"]!.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _mesh.DisposeAsync();
    }

    private Task Cost(string reference, string amount) => Post(
        _client,
        "/internal/v1/cost-pools/STORAGE/entries/batch",
        new[] { new { reference, month = Month, amount = new { amount, currency = "USD" } } });

    private static async Task Post(HttpClient client, string path, object? body = null)
    {
        using var answer = await client.PostAsJsonAsync(path, body ?? new { });
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {await answer.Content.ReadAsStringAsync()}");
    }

    private Task<JsonNode> Inside(string state) => Until($"/internal/v1/periods/{Month}", state);

    private Task<JsonNode> Outside(string state) => Until($"/external/v1/cost-months/{Month}", state);

    private Task<JsonNode> Until(string path, string state) => Eventually.Gives(
        () => StoryTests.Read(_client, path), month => month["state"]!.GetValue<string>() == state);
}
