using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;
using ServiceMesh.Hosting.Audit;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ServiceMesh.Hosting.Documents;

/// <summary>
/// Writes what an endpoint's metadata says into its operation: texts, headers, examples, problems, callers.
/// </summary>
internal sealed class OperationDocument(Examples examples, ApiDocument document) : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var text = metadata.OfType<OperationText>().FirstOrDefault()
            ?? throw new InvalidOperationException($"{context.ApiDescription.RelativePath} says no .Describe(…).");
        operation.OperationId = text.OperationId;
        operation.Summary = text.Summary;
        operation.Description = $"{text.Description}\n\nCallers: {Admission.Of(metadata)}.";
        DescribeParameters(operation, metadata);
        if (document.IsAudited && context.ApiDescription.HttpMethod != HttpMethods.Get) DescribeReason(operation);
        var body = DescribeBody(operation, text.OperationId);
        DescribeAnswers(operation, text.OperationId, metadata);
        new ProblemAnswers(operation, context).Add(metadata.OfType<DeclaredProblem>(), body);
        operation.Security =
        [
            new() { [new OpenApiSecuritySchemeReference(WholeDocument.SecurityScheme, context.Document)] = [] },
        ];
    }

    private static void DescribeParameters(OpenApiOperation operation, IList<object> metadata)
    {
        var handler = metadata.OfType<MethodInfo>().Single();
        var bound = handler.GetParameters().Select(parameter => parameter.ParameterType).ToHashSet();
        operation.Parameters ??= [];
        if (bound.Contains(typeof(Paging)))
        {
            operation.Parameters.Add(Query(
                "limit", $"Items on a page, 1 to {Paging.MaxLimit}.", Number(1, Paging.MaxLimit, Paging.DefaultLimit)));
            operation.Parameters.Add(Query("cursor", "The `next` of the page before.", Text(null)));
        }

        if (bound.Contains(typeof(Once)))
        {
            // The page would send an example along, and a second request with the same key is refused.
            var required = metadata.OfType<IdempotencyKeyRequired>().Any();
            operation.Parameters.Add(Header(
                Once.Header,
                "Repeating the request with the same key gives the first answer again.",
                required,
                required ? "order-4711" : null));
        }

        if (bound.Contains(typeof(IfMatch)))
        {
            operation.Parameters.Add(Header("If-Match", "The ETag of the resource as it was read.", true, "\"1\""));
        }
    }

    private static void DescribeReason(OpenApiOperation operation) => operation.Parameters!.Add(new OpenApiParameter
    {
        Name = AuditedRequests.ReasonHeader,
        In = ParameterLocation.Header,
        Description = "Why; it stands in the audit trail.",
        Schema = Text(AuditedRequests.MaxReasonLength),
    });

    private bool DescribeBody(OpenApiOperation operation, string operationId)
    {
        if (operation.RequestBody is not OpenApiRequestBody body)
        {
            return false;
        }

        body.Required = true;
        foreach (var media in body.Content!.Values.OfType<OpenApiMediaType>())
        {
            AddExample(media, examples.Request(operationId));
        }

        return true;
    }

    private void DescribeAnswers(OpenApiOperation operation, string operationId, IList<object> metadata)
    {
        foreach (var declared in metadata.OfType<DeclaredAnswer>())
        {
            var key = declared.Status.ToString(CultureInfo.InvariantCulture);
            if (operation.Responses?[key] is not OpenApiResponse response)
            {
                continue;
            }

            response.Description = Describe(declared.Status);
            foreach (var media in response.Content?.Values.OfType<OpenApiMediaType>() ?? [])
            {
                AddExample(media, examples.Answer(operationId, declared.Status));
            }
        }

        foreach (var forms in metadata.OfType<DeclaredForms>()) AddForms(operation, forms);
    }

    private static void AddForms(OpenApiOperation operation, DeclaredForms forms)
    {
        var key = forms.Status.ToString(CultureInfo.InvariantCulture);
        if (operation.Responses?[key] is not OpenApiResponse { Content: { } content })
        {
            throw new InvalidOperationException($"{operation.OperationId} has no answer {key} to give other forms of.");
        }

        foreach (var mediaType in forms.MediaTypes) content[mediaType] = new OpenApiMediaType { Schema = Text(null) };
    }

    private static void AddExample(OpenApiMediaType media, JsonNode? value)
    {
        if (value is not null)
        {
            media.Examples = new Dictionary<string, IOpenApiExample>
            {
                ["example"] = new OpenApiExample { Value = value },
            };
        }
    }

    private static string Describe(int status) => status switch
    {
        StatusCodes.Status200OK => "The resource, or what was asked for.",
        StatusCodes.Status201Created => "It was created; `Location` tells where.",
        StatusCodes.Status202Accepted => "The work was taken on; the resource at `Location` tells how far it is.",
        StatusCodes.Status204NoContent => "It was done.",
        _ => throw new InvalidOperationException($"{status} is no answer that an operation declares."),
    };

    private static OpenApiParameter Query(string name, string description, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = schema };

    private static OpenApiParameter Header(string name, string description, bool required, string? example) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Required = required,
        Schema = Text(Once.MaxKeyLength),
        Example = example,
    };

    private static OpenApiSchema Text(int? maxLength) => new() { Type = JsonSchemaType.String, MaxLength = maxLength };

    private static OpenApiSchema Number(int min, int max, int usual) => new()
    {
        Type = JsonSchemaType.Integer,
        Minimum = min.ToString(CultureInfo.InvariantCulture),
        Maximum = max.ToString(CultureInfo.InvariantCulture),
        Default = usual,
    };
}
