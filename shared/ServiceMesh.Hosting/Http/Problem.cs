using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using ServiceMesh.Hosting.Json;
using ServiceMesh.Primitives;

namespace ServiceMesh.Hosting.Http;

/// <summary>A problem answer of RFC 9457, as every refusal and failure of the mesh is answered.</summary>
public sealed record Problem : IResult
{
    public const string ContentType = "application/problem+json";

    /// <summary><c>urn:servicemesh:problem:</c> and the code.</summary>
    public required string Type { get; init; }

    /// <summary>The status in words.</summary>
    public required string Title { get; init; }

    public required int Status { get; init; }

    /// <summary>One sentence for people; its wording may change.</summary>
    public required string Detail { get; init; }

    /// <summary>Stable; for programs.</summary>
    public required string Code { get; init; }

    /// <summary>Finds the request in traces and logs.</summary>
    public string? TraceId { get; init; }

    /// <summary>Every bad field, with a JSON pointer into the body.</summary>
    public IReadOnlyList<FieldRefusal>? Errors { get; init; }

    /// <summary>The state that stood in the way, for a conflict.</summary>
    public string? State { get; init; }

    /// <summary>What that state allows.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    public static Problem Of(int status, string code, string detail) => new()
    {
        Type = $"urn:servicemesh:problem:{code}",
        Title = ReasonPhrases.GetReasonPhrase(status),
        Status = status,
        Detail = detail,
        Code = code,
    };

    public static Problem Of(Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        var pointed = refusal.Pointer is { } pointer
            ? new[] { new FieldRefusal(pointer, refusal.Code, refusal.Detail) }
            : null;
        return Of(StatusOf(refusal.Kind), refusal.Code, refusal.Detail) with
        {
            Errors = refusal.Fields ?? pointed,
            State = refusal.State,
            Allowed = refusal.Allowed,
        };
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        httpContext.Response.StatusCode = Status;
        var traced = this with { TraceId = Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier };
        await httpContext.Response.WriteAsJsonAsync(traced, Wire.Problems, ContentType, httpContext.RequestAborted);
    }

    private static int StatusOf(RefusalKind kind) => kind switch
    {
        RefusalKind.Invalid => StatusCodes.Status400BadRequest,
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        RefusalKind.Precondition => StatusCodes.Status412PreconditionFailed,
        RefusalKind.Rejected => StatusCodes.Status422UnprocessableEntity,
    };
}
