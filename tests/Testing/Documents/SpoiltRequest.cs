using System.Text.Json.Nodes;

namespace Testing.Documents;

/// <summary>A request that was right, with one thing wrong, and the problem that answers it.</summary>
/// <param name="What">What is wrong with it.</param>
/// <param name="Values">Path and query values, and headers.</param>
/// <param name="Body">Null where the operation takes none.</param>
/// <param name="MediaType">Of the body.</param>
/// <param name="Status">The answer's.</param>
/// <param name="Code">The problem's.</param>
/// <param name="Pointer">Where the problem points, if it does.</param>
internal sealed record SpoiltRequest(
    string What,
    IReadOnlyList<(string Name, string Value)> Values,
    string? Body,
    string? MediaType,
    int Status,
    string Code,
    string? Pointer = null)
{
    private const string Json = "application/json";
    private const string Unheard = "colour";

    /// <summary>Spaces before it, so that only the size is wrong: the services take 8 MiB.</summary>
    private static readonly string TooMuch = new(' ', 8 * 1024 * 1024 + 1);

    /// <summary>Every way in which this request can be spoilt.</summary>
    public static IEnumerable<SpoiltRequest> Of(
        ApiOperation operation, IReadOnlyList<(string Name, string Value)> values, string? body)
    {
        var right = new SpoiltRequest("", values, body, operation.BodyType, 400, "unreadable");
        return [.. Headers(operation, right), .. Parameters(operation, right), .. Bodies(right)];
    }

    private static IEnumerable<SpoiltRequest> Headers(ApiOperation operation, SpoiltRequest right)
    {
        if (operation.Takes("Idempotency-Key"))
        {
            yield return right.With("Idempotency-Key", new string('k', 256));
        }

        if (operation.Requires("Idempotency-Key"))
        {
            yield return right.Without("Idempotency-Key") with { Code = "idempotency-key-required" };
        }

        if (operation.Takes("If-Match"))
        {
            yield return right.Without("If-Match") with { Status = 428, Code = "precondition-required" };
            yield return right.With("If-Match", "W/\"1\"");
            yield return right.With("If-Match", "1");
        }
    }

    private static IEnumerable<SpoiltRequest> Parameters(ApiOperation operation, SpoiltRequest right)
    {
        if (operation.Takes("month"))
        {
            yield return right.With("month", "2026-13");
            yield return right.With("month", "10000-01");
        }

        if (operation.Requires("month") && operation.IsInQuery("month")) yield return right.Without("month");
        if (operation.Takes("limit"))
        {
            yield return right.With("limit", "0");
            yield return right.With("limit", "501");
            yield return right.With("limit", "1e1");
            yield return right.With("cursor", "nonsense");
        }
    }

    private static IEnumerable<SpoiltRequest> Bodies(SpoiltRequest right)
    {
        if (right.Body is null) yield break;
        yield return right with
        {
            What = "another media type",
            MediaType = "text/plain",
            Status = 415,
            Code = "unsupported-media-type",
        };
        if (right.MediaType != Json) yield break;

        yield return right with { What = "cut off", Body = right.Body.TrimEnd()[..^1] };
        yield return right with { What = "nothing", Body = "null" };
        yield return WithUnheardMember(right, JsonNode.Parse(right.Body)!);
        yield return right with
        {
            What = "too large",
            Body = TooMuch + right.Body,
            Status = 413,
            Code = "body-too-large",
        };
    }

    private static SpoiltRequest WithUnheardMember(SpoiltRequest right, JsonNode body)
    {
        var (members, pointer) = body is JsonArray items ? (items[0]!, $"/0/{Unheard}") : (body, $"/{Unheard}");
        members[Unheard] = "red";
        return right with { What = "an unknown member", Body = body.ToJsonString(), Pointer = pointer };
    }

    private SpoiltRequest With(string name, string value) => Without(name) with
    {
        What = $"{name} is '{value}'",
        Values = [.. Values.Where(given => given.Name != name), (name, value)],
    };

    private SpoiltRequest Without(string name) => this with
    {
        What = $"no {name}",
        Values = [.. Values.Where(given => given.Name != name)],
    };
}
