using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ServiceMesh.Hosting.Http;

namespace ServiceMesh.Hosting.Documents;

/// <summary>Documents an operation where its route is mapped.</summary>
public static class DescribeExtensions
{
    private const string Json = "application/json";

    /// <summary>
    /// Names the operation; its examples are the files <c>Examples/{operationId}.….json</c> of its project.
    /// </summary>
    /// <param name="builder">The route.</param>
    /// <param name="operationId">A verb and a noun in camelCase.</param>
    /// <param name="summary">A few words, as in a table of contents.</param>
    /// <param name="description">What it does, its units, rules and limits; Markdown.</param>
    public static RouteHandlerBuilder Describe(
        this RouteHandlerBuilder builder, string operationId, string summary, string description) =>
        builder.WithName(operationId).WithMetadata(new OperationText(operationId, summary, description));

    /// <summary>Declares a JSON answer.</summary>
    public static RouteHandlerBuilder Answers<T>(
        this RouteHandlerBuilder builder, int status = StatusCodes.Status200OK) =>
        builder
            .WithMetadata(new DeclaredAnswer(status, typeof(T), Json))
            .WithMetadata(new ProducesResponseTypeMetadata(status, typeof(T), [Json]));

    /// <summary>Declares an answer without a body.</summary>
    public static RouteHandlerBuilder Answers(this RouteHandlerBuilder builder, int status) =>
        builder
            .WithMetadata(new DeclaredAnswer(status, null, Json))
            .WithMetadata(new ProducesResponseTypeMetadata(status, typeof(void)));

    /// <summary>Declares a problem answer of this operation, beside those that every operation may give.</summary>
    /// <param name="builder">The route.</param>
    /// <param name="status">4xx.</param>
    /// <param name="code">The problem's stable code.</param>
    /// <param name="when">One sentence: when it is given.</param>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder builder, int status, string code, string when) =>
        builder.WithMetadata(new DeclaredProblem(status, code, when));

    /// <summary>The operation creates money or a document: <c>Idempotency-Key</c> is required.</summary>
    public static RouteHandlerBuilder RequireIdempotencyKey(this RouteHandlerBuilder builder) =>
        builder
            .WithMetadata(new IdempotencyKeyRequired())
            .Refuses(StatusCodes.Status400BadRequest, "idempotency-key-required", $"{Once.Header} is missing.");

    /// <summary>The operation edits a resource: <c>If-Match</c> is required.</summary>
    public static RouteHandlerBuilder RequireIfMatch(this RouteHandlerBuilder builder) =>
        builder
            .WithMetadata(new NeedsIfMatch())
            .Refuses(
                StatusCodes.Status412PreconditionFailed,
                "changed-meanwhile",
                "The resource has changed since it was read.")
            .Refuses(StatusCodes.Status428PreconditionRequired, "precondition-required", "If-Match is missing.");
}
