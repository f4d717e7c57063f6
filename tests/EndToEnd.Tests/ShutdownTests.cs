using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Testing;

namespace EndToEnd.Tests;

/// <summary>An operator stops the services while they work.</summary>
public sealed class ShutdownTests : IAsyncLifetime
{
    private const int Writers = 8;
    private const int EnoughAnswers = 100;

    private readonly ConcurrentBag<string> _acknowledged = [];
    private Mesh _mesh = null!;

    public async ValueTask InitializeAsync() => _mesh = await Mesh.Start();

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    [Fact]
    public async Task Services_that_are_stopped_answer_what_they_began_and_lose_nothing()
    {
        using (var client = await _mesh.Client(_mesh.Internal))
        {
            using var department = await client.PostAsJsonAsync(
                "/internal/v1/departments", new { code = "OPS", name = "Operations" });
            Assert.Equal(HttpStatusCode.Created, department.StatusCode);
            var writers = Enumerable.Range(0, Writers).Select(writer => RegisterServices(client, writer)).ToArray();
            await Eventually.Holds(() => _acknowledged.Count >= EnoughAnswers);

            Assert.Equal(0, await _mesh.External.Stop());
            Assert.Equal(0, await _mesh.Internal.Stop());
            await Task.WhenAll(writers);
        }

        await _mesh.StartInternal();
        await _mesh.StartExternal();
        var expected = _acknowledged.Order(StringComparer.Ordinal).ToArray();
        using var inside = await _mesh.Client(_mesh.Internal);
        Assert.Equal(expected, await Services(inside, "internal"));
        using var outside = await _mesh.Client(_mesh.External);
        await Eventually.Gives(
            () => Services(outside, "external"), copied => copied.SequenceEqual(expected), what: "every event arrived");
    }

    /// <summary>Until the service takes no more.</summary>
    private async Task RegisterServices(HttpClient client, int writer)
    {
        for (var i = 0; ; i++)
        {
            var code = $"S{writer}-{i:D5}";
            try
            {
                using var answer = await client.PostAsJsonAsync("/internal/v1/services", new
                {
                    code,
                    name = code,
                    unit = "hour",
                    ownerDepartment = "OPS",
                    audience = "both",
                    charging = "chargeback",
                    pricing = "costRecovery",
                });
                Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
                _acknowledged.Add(code);
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }

    private static async Task<string[]> Services(HttpClient client, string side)
    {
        List<string> codes = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var path = $"/{side}/v1/services?limit=500&cursor={cursor}";
            var page = JsonNode.Parse(await client.GetStringAsync(new Uri(path, UriKind.Relative)))!;
            codes.AddRange(page["items"]!.AsArray().Select(service => service!["code"]!.GetValue<string>()));
            cursor = page["next"]?.GetValue<string>();
        }

        return [.. codes];
    }
}
