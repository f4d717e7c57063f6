using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ServiceMesh.Hosting.Documents;

/// <summary>What stands once in a document: servers, tags, security, and everything in a stable order.</summary>
internal sealed class WholeDocument(ApiDocument document) : IDocumentFilter
{
    public const string SecurityScheme = "oauth2";

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        swaggerDoc.Servers = [new OpenApiServer { Url = "/", Description = "The gateway that serves this document." }];
        swaggerDoc.Tags = new HashSet<OpenApiTag>(
            document.Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }));
        swaggerDoc.Components ??= new OpenApiComponents();
        swaggerDoc.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [SecurityScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.OAuth2,
                Description =
                    "A token of the gateway for a client id and secret (client credentials), valid ten minutes.",
                Flows = new OpenApiOAuthFlows
                {
                    ClientCredentials = new OpenApiOAuthFlow
                    {
                        TokenUrl = new Uri("/oauth/token", UriKind.Relative),
                        Scopes = new Dictionary<string, string>
                        {
                            [document.Name] = $"Everything of {document.Title}.",
                        },
                    },
                },
            },
        };
        var paths = new OpenApiPaths();
        foreach (var (path, item) in swaggerDoc.Paths.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            paths.Add(path, item);
        }

        swaggerDoc.Paths = paths;
    }
}
