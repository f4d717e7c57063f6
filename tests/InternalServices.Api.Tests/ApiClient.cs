using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace InternalServices.Api.Tests;

/// <summary>Calls the service as one caller.</summary>
public sealed class ApiClient(HttpClient http)
{
    private static int _keys;

    public Task<ApiAnswer> Get(string path) => Send(HttpMethod.Get, path, null);

    /// <summary>In another form than JSON.</summary>
    public async Task<FileItem> GetFile(string path, string accept, string? language = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/internal/v1/{path}", UriKind.Relative));
        request.Headers.Accept.ParseAdd(accept);
        if (language is not null) request.Headers.AcceptLanguage.ParseAdd(language);
        using var response = await http.SendAsync(request);
        return new FileItem(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>Every item of a list, page by page.</summary>
    public async Task<IReadOnlyList<JsonNode>> List(string path)
    {
        var items = new List<JsonNode>();
        for (string? cursor = ""; cursor is not null;)
        {
            var next = cursor.Length == 0 ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
            var page = (await Get($"{path}&limit=500{next}")).Is(200);
            items.AddRange(page.Items);
            cursor = (string?)page["next"];
        }

        return items;
    }

    public Task<ApiAnswer> Post(string path, object? body = null, string? key = null) =>
        Send(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body), key);

    public Task<ApiAnswer> PostJson(string path, string json) =>
        Send(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"));

    public Task<ApiAnswer> PostCsv(string path, string csv) => PostCsv(path, Encoding.UTF8.GetBytes(csv));

    public Task<ApiAnswer> PostCsv(string path, byte[] csv) =>
        Send(HttpMethod.Post, path, new ByteArrayContent(csv) { Headers = { ContentType = new("text/csv") } });

    public Task<ApiAnswer> PostPacked(string path, byte[] packed, string mediaType, string? coding = null)
    {
        var content = new ByteArrayContent(packed) { Headers = { ContentType = new(mediaType) } };
        if (coding is not null) content.Headers.ContentEncoding.Add(coding);
        return Send(HttpMethod.Post, path, content);
    }

    public Task<ApiAnswer> Put(string path, object body, string? etag) =>
        Send(HttpMethod.Put, path, JsonContent.Create(body), etag: etag);

    /// <summary>A key that no other call has.</summary>
    public static string NewKey() =>
        string.Create(CultureInfo.InvariantCulture, $"key-{Interlocked.Increment(ref _keys)}");

    private async Task<ApiAnswer> Send(
        HttpMethod method, string path, HttpContent? content, string? key = null, string? etag = null)
    {
        var uri = new Uri($"/internal/v1/{path}", UriKind.Relative);
        using var request = new HttpRequestMessage(method, uri) { Content = content };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        if (etag is not null) request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(etag));
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new ApiAnswer(
            response.StatusCode,
            text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!,
            response.Headers.ETag?.Tag,
            response.Headers.Location?.ToString(),
            response.Headers.TryGetValues("Idempotent-Replayed", out _));
    }
}

/// <summary>An answer in whatever form.</summary>
public sealed record FileItem(int Status, string? MediaType, byte[] Content)
{
    public string Text => Encoding.UTF8.GetString(Content);
}

/// <summary>An answer, which says what it is when it is not the one expected.</summary>
public sealed record ApiAnswer(HttpStatusCode Status, JsonNode Body, string? ETag, string? Location, bool Replayed)
{
    public JsonNode this[string member] => Body[member]!;

    public ApiAnswer Is(int status)
    {
        Assert.True((int)Status == status, $"{status} expected, {(int)Status} given: {Body}");
        return this;
    }

    /// <summary>A problem with this status and code.</summary>
    public ApiAnswer Refuses(int status, string code)
    {
        Is(status);
        Assert.Equal(code, Text("code"));
        return this;
    }

    /// <summary>A problem whose fields say so.</summary>
    public ApiAnswer RefusesField(string pointer, string code)
    {
        var fields = Body["errors"]!.AsArray().Select(field => ((string)field!["pointer"]!, (string)field["code"]!));
        Assert.Contains((pointer, code), fields);
        return this;
    }

    public override string ToString() => $"{(int)Status} {Body.ToJsonString()}";

    public string Text(string member) => (string)Body[member]!;

    public JsonNode ItemAt(int index) => Body["items"]![index]!;

    public IEnumerable<JsonNode> Items => Body["items"]!.AsArray().Select(item => item!);
}
