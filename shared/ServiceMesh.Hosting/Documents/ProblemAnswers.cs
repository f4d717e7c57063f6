using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Json;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ServiceMesh.Hosting.Documents;

/// <summary>
/// Writes the problem answers of an operation: those that any may give by reference, its own with their codes.
/// </summary>
internal sealed class ProblemAnswers(OpenApiOperation operation, OperationFilterContext context)
{
    private const string ExampleTraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    private static readonly DeclaredProblem[] Common =
    [
        new(401, "unauthenticated", "The bearer token is missing, expired or not valid here."),
        new(403, "forbidden", "The token is valid, and this caller may not do this."),
        new(429, "too-many-requests", "The caller's rate limit is used up; `Retry-After` tells when to go on."),
        new(502, "service-failed", "The answer broke off: the same Idempotency-Key tells what became of the request."),
        new(503, "unavailable", "A part of the mesh does not answer; `Retry-After` tells when to try again."),
        new(504, "service-timeout", "No answer in time: the same Idempotency-Key tells what became of the request."),
    ];

    private static readonly DeclaredProblem Unreadable = new(
        400, "unreadable", "The body, a path or a query value is not of the documented form; `errors` points at it.");

    private static readonly DeclaredProblem NotFound =
        new(404, "not-found", "What the path names does not exist, or belongs to somebody else.");

    private static readonly DeclaredProblem[] Body =
    [
        new(413, "body-too-large", "The body is larger than this operation takes."),
        new(415, "unsupported-media-type", "The body's media type is not taken here."),
    ];

    public void Add(IEnumerable<DeclaredProblem> own, bool takesBody)
    {
        var declared = own.ToLookup(problem => problem.Status);
        List<DeclaredProblem> common = [.. Common];
        if (takesBody)
        {
            common.AddRange(Body);
        }

        if (takesBody || operation.Parameters is { Count: > 0 })
        {
            common.Add(Unreadable);
        }

        if (operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Path) == true)
        {
            common.Add(NotFound);
        }

        operation.Responses ??= [];
        foreach (var problem in common.Where(problem => !declared.Contains(problem.Status)))
        {
            operation.Responses[Key(problem.Status)] = Shared(problem);
        }

        foreach (var status in declared)
        {
            DeclaredProblem[] all = [.. common.Where(problem => problem.Status == status.Key), .. status];
            operation.Responses[Key(status.Key)] = Response(all);
        }
    }

    private OpenApiResponseReference Shared(DeclaredProblem problem)
    {
        var name = $"Problem{problem.Status}";
        context.Document.Components ??= new OpenApiComponents();
        context.Document.Components.Responses ??= new Dictionary<string, IOpenApiResponse>();
        context.Document.Components.Responses.TryAdd(name, Response([problem]));
        return new OpenApiResponseReference(name, context.Document);
    }

    private OpenApiResponse Response(DeclaredProblem[] problems) => new()
    {
        Description = problems.Length == 1
            ? problems[0].When
            : string.Join("\n", problems.Select(problem => $"- `{problem.Code}`: {problem.When}")),
        Content = new Dictionary<string, IOpenApiMediaType>
        {
            [Problem.ContentType] = new OpenApiMediaType
            {
                Schema = context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository),
                Examples = problems.DistinctBy(problem => problem.Code).ToDictionary(problem => problem.Code, Example),
            },
        },
    };

    private static IOpenApiExample Example(DeclaredProblem problem) => new OpenApiExample
    {
        Summary = ReasonPhrases.GetReasonPhrase(problem.Status),
        Value = JsonSerializer.SerializeToNode(
            Problem.Of(problem.Status, problem.Code, problem.When) with { TraceId = ExampleTraceId },
            Wire.Problems),
    };

    private static string Key(int status) => status.ToString(CultureInfo.InvariantCulture);
}
