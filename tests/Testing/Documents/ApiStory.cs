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
    private readonly Dictionary<string, string> _tellers = [];
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
        _tellers[operationId] = token;
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

    /// <summary>
    /// Repeats every request with one thing wrong, in every way that its document allows: each is answered with its
    /// problem, and nothing is changed.
    /// </summary>
    /// <param name="state">Reads everything that a request could have changed.</param>
    public async Task Spoil(Func<Task<string>> state)
    {
        var before = await state();
        List<string> wrong = [];
        foreach (var (operationId, values) in _told)
        {
            var operation = document.Operation(operationId);
            foreach (var request in SpoiltRequest.Of(operation, values, BodyOf(operation)))
            {
                if (await Answered(operation, request) is { } otherwise) wrong.Add($"{operationId}, {otherwise}");
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(before, await state());
    }

    /// <summary>What is wrong with the answer to a spoilt request, or null.</summary>
    private async Task<string?> Answered(ApiOperation operation, SpoiltRequest spoilt)
    {
        var body = spoilt.Body is { } text ? new StringContent(text, Encoding.UTF8, spoilt.MediaType!) : null;
        using var answer = await Send(operation, _tellers[operation.Id], spoilt.Values, body);
        var given = await answer.Content.ReadAsStringAsync();
        var problem = answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? JsonNode.Parse(given)!
            : new JsonObject();
        var isRight = (int)answer.StatusCode == spoilt.Status
            && (string?)problem["code"] == spoilt.Code
            && (spoilt.Pointer is null || (string?)problem["errors"]?[0]?["pointer"] == spoilt.Pointer);
        return isRight
            ? null
            : $"{spoilt.What}: {spoilt.Status} {spoilt.Code} expected, {(int)answer.StatusCode} given: {given}";
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

    private Task<HttpResponseMessage> Send(string operationId, string? token, (string Name, string Value)[] values)
    {
        var operation = document.Operation(operationId);
        var body = BodyOf(operation) is { } text
            ? new StringContent(text, Encoding.UTF8, operation.BodyType!)
            : null;
        return Send(operation, token, values, body);
    }

    private async Task<HttpResponseMessage> Send(
        ApiOperation operation, string? token, IReadOnlyList<(string Name, string Value)> values, HttpContent? body)
    {
        using var request = new HttpRequestMessage(operation.Method, operation.PathWith(values)) { Content = body };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in operation.HeadersOf(values)) request.Headers.TryAddWithoutValidation(name, value);

        // A body that is refused for its size is then not sent at all.
        request.Headers.ExpectContinue = body?.Headers.ContentLength > 1024 * 1024;
        return await service.SendAsync(request);
    }

    private string? BodyOf(ApiOperation operation)
    {
        if (operation.BodyType is not { } mediaType) return null;
        var name = $"{operation.Id}.request.{(mediaType == "text/csv" ? "csv" : "json")}";
        _files.Add(name);
        return File.ReadAllText(Path.Combine(folder, name));
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
