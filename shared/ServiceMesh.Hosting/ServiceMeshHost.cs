using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Audit;
using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Hosting.Json;
using ServiceMesh.Hosting.Operations;
using ServiceMesh.Messaging;

namespace ServiceMesh.Hosting;

/// <summary>What makes the services alike.</summary>
public static class ServiceMeshHost
{
    /// <summary>Bodies of ordinary requests; an operation that takes files says its own limit.</summary>
    public const long MaxBodyBytes = 8 * 1024 * 1024;

    /// <summary>How long requests and messages that are being worked on may take to finish at a stop.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(25);

    /// <summary>
    /// A builder with data, identity, idempotency, problem answers, the API document, health and telemetry.
    /// </summary>
    /// <param name="args">Configuration overrides as <c>--Section:Key=value</c>.</param>
    /// <param name="service">The service's name: its audience and its resource in traces.</param>
    /// <param name="document">What its API document says of itself.</param>
    /// <param name="stored">Assemblies beside the document's whose enums are stored.</param>
    public static WebApplicationBuilder CreateBuilder(
        string[] args, string service, ApiDocument document, params Assembly[] stored)
    {
        var builder = CreateBareBuilder(args, service, document, stored);
        builder.Services.AddServiceMeshIdentity(builder.Configuration, service);
        builder.Services.AddHostedService<IdempotencyPrune>();
        builder.Services.AddHostedService<AuditSealing>();
        return builder;
    }

    /// <summary>The same without identity and idempotency, for the gateway, which has its own.</summary>
    public static WebApplicationBuilder CreateBareBuilder(
        string[] args, string service, ApiDocument document, params Assembly[] stored)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = service,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.AddLogLevels();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
#pragma warning disable RS0030 // The composition root is where the system's clock is named.
        builder.Services.TryAddSingleton(TimeProvider.System);
#pragma warning restore RS0030
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(json => Wire.Configure(json.SerializerOptions));
        builder.Services.AddExceptionHandler<ProblemHandling>();
        builder.Services.AddHealthChecks().AddDatabaseCheck();
        builder.Services.AddServiceMeshData(
            builder.Configuration, [document.Assembly, typeof(ServiceMeshHost).Assembly, .. stored]);
        builder.Services.AddServiceMeshDocument(document);
        builder.AddTelemetry(service);
        return builder;
    }

    /// <summary>The pipeline and the operations that every service has; the service maps its own after it.</summary>
    public static void UseServiceMesh(this WebApplication app)
    {
        app.UseProblems();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        AuditedRequests.Use(app);
        RequestHash.Use(app);
        app.MapHealth();
        app.MapServiceMeshDocument();
    }

    /// <summary>Answers whatever goes wrong after it with a problem.</summary>
    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            SuppressDiagnosticsCallback = _ => true,
            AllowStatusCode404Response = true,
        });
        app.UseStatusCodePages(ProblemHandling.WriteBareStatus);
    }

    /// <summary>Brings database and broker to what the service expects: all migrations, then every queue.</summary>
    /// <param name="app">The service, built and not started.</param>
    /// <param name="migrations">The service's own assembly, after the shared ones.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    public static async Task Migrate(WebApplication app, Assembly migrations, CancellationToken cancellationToken)
    {
        await Migrations.Run(
            app.Services.GetRequiredService<DatabaseOptions>().OwnerConnectionString,
            app.Logger,
            cancellationToken,
            typeof(ServiceMeshHost).Assembly,
            typeof(Outbox).Assembly,
            migrations);
        await app.Services.GetRequiredService<Topology>().Deploy(cancellationToken);
    }
}
