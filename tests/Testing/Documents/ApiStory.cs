using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ServiceMesh.Hosting.Identity;

namespace Testing.Documents;

/// <summary>
/// Carries out the request examples of an API document against the running service, in an order that makes sense, and
/// compares each answer with the answer's example. With <c>UPDATE_DOCUMENTS=1</c> it writes the examples instead.
/// </summary>
/// <param name="service">Where the service listens.</param>
/// <param name="document">Its API document.</param>
/// <param name="folder">The folder <c>Examples</c> of the service's project.</param>
public sealed class ApiStory(HttpClient service, ApiDocumentFile document, string folder)
{
    private readonly Dictionary<string, (string Name, string Value)[]> _told = [];
    private readonly HashSet<string> _files = [];

    /// <summary>Carries out one operation and returns its answer's body.</summary>
    /// <param name="operationId">As in the document.</param>
    /// <param name="status">The answer it must give.</param>
    /// <param name="token">The caller's token.</param>
    /// <param name="values">Path and query values, and headers (with a dash in their name).</param>
    public async Task<JsonNode> Tell(
        string operationId, int status, string token, params (string Name, string Value)[] values)
    {
        _told[operationId] = values;
        using var answer = await Send(operationId, token, values);
        var text = await answer.Content.ReadAsStringAsync();
        var given = (int)answer.StatusCode;
        Assert.True(status == given, $"{operationId}: {status} expected, {given} given: {text}");
        if (answer.Content.Headers.ContentType?.MediaType is { } form && form != "application/json") return text;
        var body = text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
        if (text.Length > 0) Compare($"{operationId}.{status}.json", body);
        return body;
    }

    /// <summary>Fails for an operation that the story leaves out, and for an example that belongs to none.</summary>
    public void End()
    {
        Assert.Empty(document.OperationIds.Except(_told.Keys).Order(StringComparer.Ordinal));
        var files = Directory.GetFiles(folder).Select(Path.GetFileName).OfType<string>();
        Assert.Empty(files.Except(_files).Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// Repeats every request with other tokens: without a valid one it must be refused with 401, from a kind of caller
    /// that is not admitted with 403, and from another department or customer it must show nothing.
    /// </summary>
    /// <param name="callers">Who may call which operation, as the service itself enforces it.</param>
    /// <param name="issuer">Makes the tokens.</param>
    /// <param name="common">Operations that show every admitted caller the same, each with its reason.</param>
    public async Task Intrude(
        Func<string, Callers> callers, TestIssuer issuer, IReadOnlyDictionary<string, string> common)
    {
        var valid = issuer.Provider();
        string?[] invalid = [null, valid[..^4] + "AAAA", issuer.Token(CallerKind.Provider, audiences: ["elsewhere"])];
        foreach (var operationId in _told.Keys)
        {
            foreach (var token in invalid) await Expect(operationId, token, HttpStatusCode.Unauthorized);
            foreach (var kind in Enum.GetValues<CallerKind>())
            {
                var intruder = issuer.Token(kind, "INTRUDER", "intruder");
                if (!callers(operationId).Includes(kind))
                {
                    await Expect(operationId, intruder, HttpStatusCode.Forbidden);
                }
                else if (kind != CallerKind.Provider && !common.ContainsKey(operationId))
                {
                    await ExpectNothing(operationId, intruder);
                }
            }
        }
    }

    private async Task Expect(string operationId, string? token, HttpStatusCode status)
    {
        using var answer = await Send(operationId, token, _told[operationId]);
        Assert.True(answer.StatusCode == status, $"{operationId}: {status} expected, {answer.StatusCode} given.");
    }

    private async Task ExpectNothing(string operationId, string token)
    {
        using var answer = await Send(operationId, token, _told[operationId]);
        var text = await answer.Content.ReadAsStringAsync();
        var isEmptyList = answer.IsSuccessStatusCode && JsonNode.Parse(text)?["items"] is JsonArray { Count: 0 };
        var isRefused = answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden;
        Assert.True(isEmptyList || isRefused, $"{operationId} shows a stranger {(int)answer.StatusCode}: {text}");
    }

    private async Task<HttpResponseMessage> Send(
        string operationId, string? token, (string Name, string Value)[] values)
    {
        var operation = document.Operation(operationId);
        using var request = new HttpRequestMessage(operation.Method, operation.PathWith(values));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in operation.HeadersOf(values)) request.Headers.TryAddWithoutValidation(name, value);
        if (operation.BodyType is { } mediaType) request.Content = RequestExample(operationId, mediaType);
        return await service.SendAsync(request);
    }

    private StringContent RequestExample(string operationId, string mediaType)
    {
        var name = $"{operationId}.request.{(mediaType == "text/csv" ? "csv" : "json")}";
        _files.Add(name);
        return new StringContent(File.ReadAllText(Path.Combine(folder, name)), Encoding.UTF8, mediaType);
    }

    private void Compare(string name, JsonNode answer)
    {
        _files.Add(name);
        var path = Path.Combine(folder, name);
        if (Documents.Update)
        {
            if (Committed(path) != Volatile.Normalize(answer))
            {
                File.WriteAllText(path, answer.ToJsonString(Documents.Readable) + "\n");
            }

            return;
        }

        Assert.True(File.Exists(path), $"{name} is missing: run the test with UPDATE_DOCUMENTS=1.");
        Assert.Equal(Committed(path), Volatile.Normalize(answer));
    }

    private static string? Committed(string path) =>
        File.Exists(path) ? Volatile.Normalize(JsonNode.Parse(File.ReadAllText(path))!) : null;
}
