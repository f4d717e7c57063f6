using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;
using ServiceMesh.Primitives;

namespace ServiceMesh.Hosting.Http;

/// <summary>Turns everything that goes wrong outside a use case into a problem answer.</summary>
internal sealed partial class ProblemHandling(ILogger<ProblemHandling> logger) : IExceptionHandler
{
    private const int RetryAfterSeconds = 5;

    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var problem = ProblemOf(exception);
        if (problem.Status >= StatusCodes.Status500InternalServerError)
        {
            LogFailure(exception, httpContext.Request.Method, httpContext.Request.Path);
        }

        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            httpContext.Response.Headers.RetryAfter = $"{RetryAfterSeconds}";
        }

        await problem.ExecuteAsync(httpContext);
        return true;
    }

    /// <summary>Bodies for the bare statuses that routing, binding and authentication leave.</summary>
    public static Task WriteBareStatus(StatusCodeContext context)
    {
        var status = context.HttpContext.Response.StatusCode;
        var (code, detail) = status switch
        {
            StatusCodes.Status400BadRequest => ("unreadable", UnreadableQuery(context.HttpContext.Request.Query)),
            StatusCodes.Status401Unauthorized => ("unauthenticated", "A valid bearer token is needed."),
            StatusCodes.Status403Forbidden => ("forbidden", "This caller may not do this."),
            StatusCodes.Status404NotFound => ("no-such-path", "Nothing is served at this path."),
            StatusCodes.Status405MethodNotAllowed => ("method-not-allowed", "The path does not know this method."),
            StatusCodes.Status413PayloadTooLarge => ("body-too-large", "The body is larger than this operation takes."),
            StatusCodes.Status415UnsupportedMediaType =>
                ("unsupported-media-type", "The body's media type is not taken here."),
            _ => ("failed", "The request could not be answered."),
        };
        return Problem.Of(status, code, detail).ExecuteAsync(context.HttpContext);
    }

    /// <summary>The binder says of an optional value only that it could not be read, and not of which.</summary>
    private static string UnreadableQuery(IQueryCollection query) =>
        $"A value of the query is not of the documented form: {string.Join(" or ", query.Keys.Order())}.";

    private static Problem ProblemOf(Exception exception) => exception switch
    {
        BadHttpRequestException { InnerException: JsonException json } => Unreadable(json),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } bad =>
            Problem.Of(bad.StatusCode, "body-too-large", "The body is larger than this operation takes."),
        BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } bad =>
            Problem.Of(bad.StatusCode, "unsupported-media-type", "The body must be application/json."),
        BadHttpRequestException { StatusCode: StatusCodes.Status428PreconditionRequired } bad =>
            Problem.Of(bad.StatusCode, "precondition-required", bad.Message),
        BadHttpRequestException bad => Problem.Of(bad.StatusCode, "unreadable", InOurWords(bad)),
        JsonException json => Unreadable(json),
        NotSupportedException unnamed when KindMissing().Match(unnamed.Message) is { Success: true } at =>
            Unreadable(
                new JsonException("The member that names the kind is missing.", at.Groups["path"].Value, null, null)),

        // JSON can say U+0000 in any text, and PostgreSQL stores it in none.
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire } =>
            Problem.Of(
                StatusCodes.Status400BadRequest, "unreadable", "A text holds a character that cannot be stored."),
        NpgsqlException { IsTransient: true } or TimeoutException or SocketException
            or NpgsqlException { InnerException: SocketException or TimeoutException } =>
            Problem.Of(
                StatusCodes.Status503ServiceUnavailable, "unavailable", "The database does not answer; try again."),
        _ => Problem.Of(StatusCodes.Status500InternalServerError, "internal-error", "Something failed on our side."),
    };

    /// <summary>What the reader says of an object of several kinds that does not tell its own.</summary>
    [GeneratedRegex(@"must specify a type discriminator.*Path: (?<path>\S+)", RegexOptions.Singleline)]
    private static partial Regex KindMissing();

    private static Problem Unreadable(JsonException exception) =>
        Problem.Of(StatusCodes.Status400BadRequest, "unreadable", "The body is not JSON of the documented form.") with
        {
            Errors = [.. UnreadableFields(exception)],
        };

    private static IEnumerable<FieldRefusal> UnreadableFields(JsonException exception)
    {
        var pointer = PointerOf(exception.Path);
        var message = exception.Message;
        if (message.Contains("missing required properties", StringComparison.Ordinal))
        {
            return QuotedNames().Matches(message[message.IndexOf(':', StringComparison.Ordinal)..])
                .Select(name => $"{pointer}/{name.Groups[1].Value}")
                .Select(missing => new FieldRefusal(missing, "missing", "This member is required."));
        }

        return [new FieldRefusal(pointer, "unreadable", InOurWords(message))];
    }

    /// <summary>System.Text.Json says <c>$.lines[0].quantity</c>; the API says <c>/lines/0/quantity</c>.</summary>
    private static string PointerOf(string? path) => string.Concat(
        PathParts().Matches(path ?? "").Select(part => "/" + (part.Groups["name"].Value + part.Groups["index"].Value)
            .Replace("~", "~0", StringComparison.Ordinal)
            .Replace("/", "~1", StringComparison.Ordinal)));

    [GeneratedRegex(@"\.(?<name>[^.\[]+)|\[(?<index>\d+)\]|\['(?<name>.*?)'\]")]
    private static partial Regex PathParts();

    /// <summary>
    /// A binder names the parameter with its type: <c>Failed to bind parameter "Guid id" from "x".</c>
    /// </summary>
    private static string InOurWords(BadHttpRequestException bad) =>
        BoundParameter().Match(bad.Message) is not { Success: true } bound ? bad.Message
        : bad.Message.StartsWith("Required", StringComparison.Ordinal) ? $"{bound.Groups["name"].Value} is missing."
        : $"{bound.Groups["name"].Value} is not of the documented form.";

    [GeneratedRegex("parameter \"(?:\\S+ )?(?<name>[^\"]+)\"")]
    private static partial Regex BoundParameter();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex QuotedNames();

    /// <summary>What the reader says, without the names of our types and without byte positions.</summary>
    private static string InOurWords(string message)
    {
        if (message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal))
        {
            return "This member is not part of the documented form.";
        }

        if (message.Contains("allow setting null values", StringComparison.Ordinal))
        {
            return "This member may not be null.";
        }

        if (message.Contains("could not be converted to", StringComparison.Ordinal))
        {
            return "The value is not of the documented form.";
        }

        var end = message.IndexOf(" Path: ", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void LogFailure(Exception exception, string method, string path);
}
