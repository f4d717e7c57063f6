using Gateway.Tokens;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;

namespace Gateway.Proxy;

/// <summary>Which paths go to which service. Paths are the same on both sides.</summary>
internal static class ServiceRoutes
{
    /// <summary>The largest body of an ordinary request; a batch of 10,000 items fits.</summary>
    public const long MaxBodyBytes = 8 * 1024 * 1024;

    /// <summary>The largest file of a streamed import.</summary>
    public const long MaxImportBytes = 4L * 1024 * 1024 * 1024;

    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How long a request may stand still, in either direction.</summary>
    private static readonly TimeSpan ActivityTimeout = TimeSpan.FromSeconds(100);

    public static IReadOnlyList<RouteConfig> Routes { get; } =
    [
        Guarded("internal", "/internal/{**rest}", Audience.Internal, MaxBodyBytes),
        Guarded("external", "/external/{**rest}", Audience.External, MaxBodyBytes),
        Guarded("cost-imports", "/internal/v1/cost-imports", Audience.Internal, MaxImportBytes),
        Open("internal-document", "/openapi/internal.json", Audience.Internal),
        Open("external-document", "/openapi/external.json", Audience.External),
    ];

    public static IReadOnlyList<ClusterConfig> Clusters(GatewayOptions options) =>
    [
        Cluster(Audience.Internal, options.InternalServices),
        Cluster(Audience.External, options.ExternalServices),
    ];

    private static RouteConfig Guarded(string id, string path, Audience audience, long maxBodyBytes) =>
        Route(id, path, audience) with
        {
            AuthorizationPolicy = ScopePolicy.NameOf(audience),
            MaxRequestBodySize = maxBodyBytes,
        };

    private static RouteConfig Open(string id, string path, Audience audience) =>
        Route(id, path, audience) with { AuthorizationPolicy = "anonymous" };

    private static RouteConfig Route(string id, string path, Audience audience) =>
        new() { RouteId = id, ClusterId = audience.Service, Match = new RouteMatch { Path = path } };

    private static ClusterConfig Cluster(Audience audience, Uri[] addresses) => new()
    {
        ClusterId = audience.Service,
        LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
        Destinations = addresses.ToDictionary(
            address => address.ToString(),
            address => new DestinationConfig { Address = address.ToString() }),
        HttpRequest = new ForwarderRequestConfig
        {
            Version = new Version(1, 1),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            ActivityTimeout = ActivityTimeout,
        },
        HealthCheck = new HealthCheckConfig
        {
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyAndUnknown,
            Active = new ActiveHealthCheckConfig
            {
                Enabled = true,
                Interval = ProbeInterval,
                Timeout = ProbeTimeout,
                Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
                Path = "/health/ready",
            },
            Passive = new PassiveHealthCheckConfig
            {
                Enabled = true,
                Policy = UnreachableDestinations.PolicyName,
                ReactivationPeriod = ProbeInterval,
            },
        },
    };
}
