using System.Globalization;
using Microsoft.AspNetCore.Http;
using ServiceMesh.Primitives;

namespace ServiceMesh.Hosting.Http;

/// <summary>
/// The version that an edit is based on, from the <c>If-Match</c> header; a missing header is answered 428.
/// </summary>
public sealed record IfMatch(long Version)
{
    public static ValueTask<IfMatch?> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var header = context.Request.Headers.IfMatch;
        if (header.Count == 0)
        {
            throw new BadHttpRequestException(
                "If-Match must carry the ETag of the resource as it was read.",
                StatusCodes.Status428PreconditionRequired);
        }

        return ValueTask.FromResult<IfMatch?>(
            VersionOf(header.ToString()) is { } version
                ? new IfMatch(version)
                : throw new BadHttpRequestException("If-Match is not an ETag that this API has given."));
    }

    private static long? VersionOf(string quoted) =>
        quoted is ['"', .. { Length: > 0 } digits, '"']
        && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : null;

    /// <summary>Refuses the edit when the resource has moved on.</summary>
    public Refusal? Check(long current) => current == Version
        ? null
        : new Refusal(
            RefusalKind.Precondition,
            "changed-meanwhile",
            $"The resource is at version {current}, not {Version}; read it again.");
}
