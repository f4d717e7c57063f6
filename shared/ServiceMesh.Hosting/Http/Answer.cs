using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServiceMesh.Hosting.Json;
using ServiceMesh.Primitives;

namespace ServiceMesh.Hosting.Http;

/// <summary>What an operation answers: a status, a JSON body, where the resource is and which version it has.</summary>
public sealed record Answer : IResult
{
    private Answer(int status, object? body) => (Status, Body) = (status, body);

    public int Status { get; }

    public object? Body { get; }

    /// <summary>Path of the resource that was made or started.</summary>
    public string? Location { get; init; }

    /// <summary>Version of the resource; sent as its ETag.</summary>
    public long? Version { get; init; }

    public static Answer Ok(object body) => new(StatusCodes.Status200OK, body);

    public static Answer Created(string location, object body) =>
        new(StatusCodes.Status201Created, body) { Location = location };

    /// <summary>The work goes on; its resource tells how far it is.</summary>
    public static Answer Accepted(string location, object body) =>
        new(StatusCodes.Status202Accepted, body) { Location = location };

    public static Answer NoContent() => new(StatusCodes.Status204NoContent, null);

    /// <summary>The answer for the facts, or the problem for the refusal.</summary>
    public static IResult Of<T>(Outcome<T> outcome, Func<T, Answer> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return outcome.Refusal is { } refusal ? Problem.Of(refusal) : answer(outcome.Value);
    }

    /// <summary>The resource with 200, or 404 when there is none.</summary>
    public static IResult OfResource<T>(T? resource, string what, string key, Func<T, long>? version = null)
        where T : class =>
        resource is null
            ? Problem.Of(Refusal.NotFound(what, key))
            : Ok(resource) with { Version = version?.Invoke(resource) };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var response = httpContext.Response;
        response.StatusCode = Status;
        WriteHeaders(response, Location, Version);
        if (Body is not null)
        {
            await response.WriteAsJsonAsync(
                Body, Body.GetType(), Wire.Options, "application/json", httpContext.RequestAborted);
        }
    }

    internal byte[]? Serialize() =>
        Body is null ? null : JsonSerializer.SerializeToUtf8Bytes(Body, Body.GetType(), Wire.Options);

    internal static void WriteHeaders(HttpResponse response, string? location, long? version)
    {
        if (location is not null)
        {
            response.Headers.Location = location;
        }

        if (version is { } number)
        {
            response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{number}\"");
        }
    }
}
