using ServiceMesh.Hosting.Identity;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.ServiceDiscovery;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Gateway.Proxy;

/// <summary>Carries requests to the services and their answers back.</summary>
internal static class ServiceProxy
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    /// <summary>What says where a request comes from is written by the gateway, never by the sender.</summary>
    private static readonly string[] SpoofableHeaders = ["Forwarded", "X-Real-IP", "X-Original-URL", "X-Rewrite-URL"];

    public static void AddServiceRoutes(this IServiceCollection services, GatewayOptions options)
    {
        services.AddLogging(Quieten);
        services.AddSingleton<IDestinationResolver, NameResolution>();
        services.AddSingleton<IPassiveHealthCheckPolicy, UnreachableDestinations>();
        services.AddReverseProxy()
            .LoadFromMemory(ServiceRoutes.Routes, ServiceRoutes.Clusters(options))
            .ConfigureHttpClient((_, handler) => handler.ConnectTimeout = ConnectTimeout)
            .AddTransforms(AddTransforms);
    }

    public static void MapServiceRoutes(this WebApplication app)
    {
        var forwarding = ActivatorUtilities.CreateInstance<Forwarding>(app.Services);
        app.MapReverseProxy(proxy =>
        {
            proxy.Use(BodyLimit.Check);
            proxy.Use(forwarding.Forward);
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        }).Allow(Callers.Anybody);
    }

    /// <summary>A destination that goes down or comes back is one line, not twenty for each probe meanwhile.</summary>
    private static void Quieten(ILoggingBuilder logging)
    {
        logging.AddFilter("Yarp.ReverseProxy.Health.ActiveHealthCheckMonitor", LogLevel.None);
        logging.AddFilter("Yarp.ReverseProxy.LoadBalancing", LogLevel.Error);
        logging.AddFilter("Yarp.ReverseProxy.Forwarder", LogLevel.Error);
    }

    private static void AddTransforms(TransformBuilderContext route)
    {
        foreach (var header in SpoofableHeaders)
        {
            route.AddRequestHeaderRemove(header);
        }
    }
}
