using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServiceMesh.Data;
using ServiceMesh.Messaging;

namespace Messaging.Peer;

/// <summary>A service that does nothing but relay and consume, in a process that a test may kill.</summary>
public static class PeerHost
{
    /// <param name="args">
    /// The sections of a service as <c>--Section:Key=value</c>, and <c>--Peer:Service</c> (its name),
    /// <c>--Peer:Consumes</c> (whether it has consumers) and <c>--Peer:DieAfterEffects</c> (which effect is its last).
    /// </param>
    public static IHost Build(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.Logging.ClearProviders();
#pragma warning disable RS0030 // This is a composition root.
        builder.Services.AddSingleton(TimeProvider.System);
#pragma warning restore RS0030
        builder.Services.AddServiceMeshData(builder.Configuration);
        builder.Services.AddSingleton(
            new Failpoint(builder.Configuration.GetValue("Peer:DieAfterEffects", long.MaxValue)));
        builder.AddServiceMeshMessaging(builder.Configuration["Peer:Service"] ?? "peer", consumers =>
        {
            if (!builder.Configuration.GetValue("Peer:Consumes", false)) return;
            consumers.Consumer<PeriodClosingConsumer>();
            consumers.Consumer<CatalogConsumer>();
        });
        return builder.Build();
    }
}
