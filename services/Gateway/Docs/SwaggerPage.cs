using Swashbuckle.AspNetCore.SwaggerUI;

namespace Gateway.Docs;

/// <summary>One page for the documents of both services and of the gateway, where one can get tokens, too.</summary>
internal static class SwaggerPage
{
    public const string Path = "/docs";

    /// <summary>The one style that the page writes into itself: the colour of its logo.</summary>
    private const string LogoStyle = "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='";

    private const string Policy =
        $"default-src 'none'; script-src 'self'; style-src 'self' {LogoStyle}; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public static void UseSwaggerPage(this WebApplication app)
    {
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(Path),
            page =>
            {
                page.Use((context, next) =>
                {
                    context.Response.Headers.ContentSecurityPolicy = Policy;
                    return next(context);
                });
                page.UseSwaggerUI(Configure);
            });
    }

    private static void Configure(SwaggerUIOptions page)
    {
        page.RoutePrefix = Path.TrimStart('/');
        page.DocumentTitle = "ServiceMesh API";
        page.SwaggerEndpoint("/openapi/internal.json", "Internal services");
        page.SwaggerEndpoint("/openapi/external.json", "External services");
        page.SwaggerEndpoint("/openapi/gateway.json", "Gateway");
        page.EnableDeepLinking();
        page.DisplayRequestDuration();
    }
}
