using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Demo;

/// <summary>The gateway's public API, as any system calls it: a token for a client id and secret, then JSON.</summary>
internal sealed class Mesh(HttpClient http, string clientId, string clientSecret, string scopes) : IDisposable
{
    private static readonly TimeSpan LongestUpload = TimeSpan.FromMinutes(30);

    public Uri Address => http.BaseAddress!;

    public static async Task<Mesh> Connect(Uri gateway, string clientId, string clientSecret, string scopes)
    {
        var http = new HttpClient { BaseAddress = gateway, Timeout = LongestUpload };
        var mesh = new Mesh(http, clientId, clientSecret, scopes);
        await mesh.RenewToken();
        return mesh;
    }

    /// <summary>A mesh client for the same gateway with another identity.</summary>
    public Task<Mesh> As(string id, string secret, string scope) => Connect(Address, id, secret, scope);

    public Task<JsonNode> Get(string path) => Read(() => new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>The resource, or null where there is none.</summary>
    public async Task<JsonNode?> Find(string path)
    {
        using var answer = await Send(() => new HttpRequestMessage(HttpMethod.Get, path));
        return answer.StatusCode == HttpStatusCode.NotFound ? null : await Body(path, answer);
    }

    /// <summary>Every item of a list, page by page.</summary>
    public async Task<IReadOnlyList<JsonNode>> List(string path)
    {
        List<JsonNode> items = [];
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await Get($"{path}{separator}limit=500{(cursor.Length == 0 ? "" : $"&cursor={cursor}")}");
            items.AddRange(page["items"]!.AsArray().OfType<JsonNode>());
            cursor = page["next"]?.GetValue<string>();
        }

        return items;
    }

    /// <param name="path">Where to.</param>
    /// <param name="body">Serialized as JSON.</param>
    /// <param name="key">The idempotency key; the same run of the demo repeats it.</param>
    public Task<JsonNode> Post(string path, object body, string? key = null) =>
        Read(() => WithKey(new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) }, key));

    /// <summary>Creates what is not there yet; a conflict means that it is.</summary>
    public async Task Ensure(string path, object body)
    {
        using var answer = await Send(
            () => new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) });
        if (answer.StatusCode != HttpStatusCode.Conflict) await Body(path, answer);
    }

    /// <summary>Replaces a resource at the version that it has now.</summary>
    public async Task Replace(string path, object body)
    {
        using var current = await Send(() => new HttpRequestMessage(HttpMethod.Get, path));
        await Body(path, current);
        await Read(() =>
        {
            var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body) };
            request.Headers.IfMatch.Add(current.Headers.ETag!);
            return request;
        });
    }

    public Task<JsonNode> Upload(string path, string file, string mediaType) => Read(() =>
    {
        var content = new StreamContent(File.OpenRead(file));
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
    });

    public void Dispose() => http.Dispose();

    private static HttpRequestMessage WithKey(HttpRequestMessage request, string? key)
    {
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return request;
    }

    private async Task<JsonNode> Read(Func<HttpRequestMessage> request)
    {
        using var answer = await Send(request);
        return await Body(answer.RequestMessage!.RequestUri!.AbsolutePath, answer);
    }

    private static async Task<JsonNode> Body(string path, HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? (text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!)
            : throw new RefusedException($"{path} answered {(int)answer.StatusCode}: {text}");
    }

    /// <summary>Sends, with a new token when the old one has run out.</summary>
    private async Task<HttpResponseMessage> Send(Func<HttpRequestMessage> request)
    {
        var answer = await http.SendAsync(request());
        if (answer.StatusCode != HttpStatusCode.Unauthorized) return answer;

        answer.Dispose();
        await RenewToken();
        return await http.SendAsync(request());
    }

    private async Task RenewToken()
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = clientId,
            ["client_secret"] = clientSecret,
            ["scope"] = scopes,
        });
        using var answer = await http.PostAsync(new Uri("/oauth/token", UriKind.Relative), form);
        var token = await Body("/oauth/token", answer);
        http.DefaultRequestHeaders.Authorization = new("Bearer", token["access_token"]!.GetValue<string>());
    }
}

/// <summary>The mesh refused what the demo asked for; the message is the answer.</summary>
internal sealed class RefusedException(string message) : Exception(message);
