using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using ServiceMesh.Primitives;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ServiceMesh.Hosting.Documents;

/// <summary>What an API document says of itself.</summary>
/// <param name="Name">Its file: <c>/openapi/{Name}.json</c>.</param>
/// <param name="Title">The title on the page.</param>
/// <param name="Description">What the API is for, in Markdown.</param>
/// <param name="Assembly">Where operations, their docstrings and examples are.</param>
/// <param name="Tags">Every tag with what it groups, in reading order.</param>
public sealed record ApiDocument(
    string Name,
    string Title,
    string Description,
    Assembly Assembly,
    IReadOnlyList<(string Name, string Description)> Tags)
{
    /// <summary>Whether changes are in an audit trail, with the reason that a request gives.</summary>
    public bool IsAudited { get; init; }
}

/// <summary>Serves the API document of a service, OpenAPI 3.1, the same on every machine.</summary>
public static class DocumentRegistration
{
    private const string Version = "1.0";

    // A link in the text, because "externalDocs" takes absolute addresses only.
    private const string Events =
        "\n\nWhat the services tell each other, and anybody who listens: "
        + "[the events](/openapi/events.json) (AsyncAPI).";

    public static IServiceCollection AddServiceMeshDocument(this IServiceCollection services, ApiDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        services.AddEndpointsApiExplorer();
        services.AddSingleton(document);
        services.AddSingleton(new Examples(document.Assembly));
        return services.AddSwaggerGen(options => Configure(options, document));
    }

    public static void MapServiceMeshDocument(this WebApplication app) =>
        app.MapSwagger(
                "/openapi/{documentName}.json", options => options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1)
            .AllowAnonymous();

    private static void Configure(SwaggerGenOptions options, ApiDocument document)
    {
        options.SwaggerDoc(document.Name, new OpenApiInfo
        {
            Title = document.Title,
            Description = document.Description + Events,
            Version = Version,
            License = new OpenApiLicense { Name = "Proprietary" },
        });
        options.DocInclusionPredicate((_, _) => true);
        options.CustomSchemaIds(SchemaName);
        options.SupportNonNullableReferenceTypes();
        MapWireTypes(options);
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.xml").Order(StringComparer.Ordinal))
        {
            options.IncludeXmlComments(file);
        }

        options.SchemaFilter<RequiredMembers>();
        options.SchemaFilter<NullableReferences>();
        options.SchemaFilter<Kinds>();
        options.OperationFilter<OperationDocument>();
        options.DocumentFilter<WholeDocument>();
    }

    /// <summary>The types whose JSON form is a text; see <see cref="Json.Wire"/>.</summary>
    private static void MapWireTypes(SwaggerGenOptions options)
    {
        Map<decimal>(options, () => Text("decimal", @"^-?\d{1,28}(\.\d+)?$"));
        Map<Period>(options, () => Text("month", @"^\d{4}-\d{2}$"));
        Map<Currency>(options, () => Text("iso-4217", "^[A-Z]{3}$"));
    }

    private static void Map<T>(SwaggerGenOptions options, Func<OpenApiSchema> schema)
        where T : struct
    {
        options.MapType<T>(schema);
        options.MapType<T?>(() =>
        {
            var nullable = schema();
            nullable.Type |= JsonSchemaType.Null;
            return nullable;
        });
    }

    private static OpenApiSchema Text(string format, string pattern) =>
        new() { Type = JsonSchemaType.String, Format = format, Pattern = pattern };

    /// <summary><c>PostRun.Request</c> becomes PostRunRequest, a page of X becomes XPage.</summary>
    private static string SchemaName(Type type)
    {
        var name = type.IsGenericType
            ? string.Concat(type.GetGenericArguments().Select(SchemaName)) + type.Name[..type.Name.IndexOf('`')]
            : type.Name;
        return type.DeclaringType is { } outer ? SchemaName(outer) + name : name;
    }
}
