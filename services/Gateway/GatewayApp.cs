using Gateway.Clients;
using Gateway.Docs;
using Gateway.Limits;
using Gateway.Proxy;
using Gateway.Tokens;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Operations;

namespace Gateway;

/// <summary>The only door of the mesh: tokens, limits, one page of documents, and the way to both services.</summary>
public static class GatewayApp
{
    public static WebApplication Build(string[] args)
    {
        var builder = ServiceMeshHost.CreateBareBuilder(args, Audience.Gateway.Service, GatewayDocument.Document);
        var options = builder.Configuration.GetSection(GatewayOptions.Section).Get<GatewayOptions>() ?? new();
        builder.WebHost.UseSockets(IoThreads.RunRequests);
        builder.Services.AddSingleton(options);
        builder.Services.AddTrustedProxies(options.TrustedProxies);
        builder.Services.AddRateLimits(options.RateLimit);
        builder.AddTokenServer(options);
        builder.AddTokenValidation(options);
        builder.Services.AddServiceRoutes(options);

        var app = builder.Build();
        app.UseProblems();
        app.UseForwardedHeaders();
        app.Use(SecurityHeaders.Set);
        app.UseRouting();
        app.Use(IoThreads.Spare);
        app.UseTokenServer();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseSwaggerPage();
        app.MapHealth();
        app.MapServiceMeshDocument();
        app.MapEventDocument();
        app.MapClients();
        app.MapServiceRoutes();
        return app;
    }
}
