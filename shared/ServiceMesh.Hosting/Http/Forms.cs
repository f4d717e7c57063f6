using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using ServiceMesh.Hosting.Documents;

namespace ServiceMesh.Hosting.Http;

/// <summary>
/// A resource that is given in several forms: the <c>Accept</c> header says which, and JSON comes first.
/// </summary>
public static class Forms
{
    public const string Json = "application/json";
    public const string Csv = "text/csv";
    public const string PlainText = "text/plain";

    /// <summary>The offered media type that the caller likes best, or null when it takes none of them.</summary>
    /// <param name="request">Without an Accept header anything will do.</param>
    /// <param name="offered">The first is given to whoever has no preference.</param>
    public static string? Choose(HttpRequest request, params string[] offered)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(offered);
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)) return offered[0];
        return offered
            .Select(type => (Type: type, Quality: QualityOf(MediaTypeHeaderValue.Parse(type), accepted)))
            .Where(offer => offer.Quality > 0)
            .OrderByDescending(offer => offer.Quality)
            .Select(offer => offer.Type)
            .FirstOrDefault();
    }

    /// <summary>The answer where <see cref="Choose"/> finds nothing.</summary>
    public static Problem NotAcceptable(params string[] offered) => Problem.Of(
        StatusCodes.Status406NotAcceptable, "not-acceptable", $"This is given as {string.Join(", ", offered)}.");

    /// <summary>Documents the further forms of an answer that is JSON.</summary>
    public static RouteHandlerBuilder AlsoAs(this RouteHandlerBuilder builder, params string[] mediaTypes) =>
        builder
            .WithMetadata(new DeclaredForms(StatusCodes.Status200OK, mediaTypes))
            .Refuses(
                StatusCodes.Status406NotAcceptable,
                "not-acceptable",
                $"`Accept` names neither `{Json}` nor one of `{string.Join("`, `", mediaTypes)}`.");

    /// <summary>Documents an answer that is a file and has no JSON form.</summary>
    public static RouteHandlerBuilder AnswersFile(this RouteHandlerBuilder builder, string mediaType) =>
        builder
            .WithMetadata(new DeclaredAnswer(StatusCodes.Status200OK, typeof(string), mediaType))
            .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), [mediaType]));

    /// <summary>The most exact part of the header that names the type decides, as RFC 9110 says.</summary>
    private static decimal QualityOf(MediaTypeHeaderValue type, IList<MediaTypeHeaderValue> accepted) => accepted
        .Where(range => type.IsSubsetOf(range))
        .OrderBy(range => range.MatchesAllTypes ? 2 : range.MatchesAllSubTypes ? 1 : 0)
        .Select(range => (decimal)(range.Quality ?? 1))
        .FirstOrDefault();
}

/// <summary>A file as an answer: it is made while it is sent, or is at hand.</summary>
public sealed record FileAnswer(string MediaType, string FileName, Func<Stream, CancellationToken, Task> Write)
    : IResult
{
    /// <summary>Version of the resource; sent as its ETag.</summary>
    public long? Version { get; init; }

    public static FileAnswer Of(string mediaType, string fileName, ReadOnlyMemory<byte> content) =>
        new(mediaType, fileName, (stream, cancellation) => stream.WriteAsync(content, cancellation).AsTask());

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var response = httpContext.Response;
        response.ContentType = MediaType.StartsWith("text/", StringComparison.Ordinal)
            ? $"{MediaType}; charset=utf-8"
            : MediaType;
        response.Headers.ContentDisposition = $"inline; filename=\"{FileName}\"";
        response.Headers.Vary = "Accept, Accept-Language";
        response.Headers.XContentTypeOptions = "nosniff";

        // A printed document shows names that others have chosen: nothing in it may run or load.
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        Answer.WriteHeaders(response, location: null, Version);
        await Write(response.Body, httpContext.RequestAborted);
    }
}
