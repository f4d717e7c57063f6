using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace ExternalServices.Api.Tests;

/// <summary>Speaks to the service as one caller; every call says which answer it expects.</summary>
public sealed class ApiClient(HttpClient http)
{
    public Task<JsonNode> Get(string path, HttpStatusCode expected = HttpStatusCode.OK) =>
        Send(HttpMethod.Get, path, null, expected);

    public Task<JsonNode> Post(
        string path, object? body, HttpStatusCode expected = HttpStatusCode.Created, string? key = null) =>
        Send(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body), expected, ("Idempotency-Key", key));

    public Task<JsonNode> PostText(
        string path, string body, HttpStatusCode expected, string mediaType = "application/json") =>
        Send(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, mediaType), expected);

    public Task<JsonNode> Put(string path, object body, string? version, HttpStatusCode expected = HttpStatusCode.OK) =>
        Send(HttpMethod.Put, path, JsonContent.Create(body), expected, ("If-Match", version));

    public Task<JsonNode> Delete(string path, string? version, HttpStatusCode expected = HttpStatusCode.NoContent) =>
        Send(HttpMethod.Delete, path, null, expected, ("If-Match", version));

    /// <summary>The answer itself, for its headers.</summary>
    public async Task<HttpResponseMessage> Raw(HttpRequestMessage request) => await http.SendAsync(request);

    private async Task<JsonNode> Send(
        HttpMethod method,
        string path,
        HttpContent? content,
        HttpStatusCode expected,
        params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };

        // A body that is refused for its size is then not sent at all.
        request.Headers.ExpectContinue = content is StringContent;
        foreach (var (name, value) in headers)
        {
            if (value is not null) request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(
            answer.StatusCode == expected, $"{method} {path}: {expected} expected, {answer.StatusCode} given: {text}");
        if ((int)expected >= 400)
        {
            Assert.Equal(new MediaTypeHeaderValue("application/problem+json"), answer.Content.Headers.ContentType);
        }

        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }
}

/// <summary>Short ways into an answer.</summary>
public static class Json
{
    public static string Text(this JsonNode node, string path) =>
        path.Split('.').Aggregate(node, Step)!.ToString();

    public static string Code(this JsonNode problem) => problem["code"]!.GetValue<string>();

    /// <summary>The bad members as <c>pointer code</c>.</summary>
    public static string[] Errors(this JsonNode problem) =>
        [.. problem["errors"]!.AsArray().Select(error => $"{error!["pointer"]} {error["code"]}")];

    private static JsonNode Step(JsonNode node, string name) =>
        (int.TryParse(name, out var index) ? node[index] : node[name])
            ?? throw new KeyNotFoundException($"No {name} in {node.ToJsonString()}");
}
