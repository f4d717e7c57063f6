using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Gateway.Proxy;

/// <summary>Takes a destination that takes no connection out of the choice at once, for a while.</summary>
internal sealed class UnreachableDestinations(IDestinationHealthUpdater health) : IPassiveHealthCheckPolicy
{
    public const string PolicyName = "Unreachable";

    public string Name => PolicyName;

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        if (WasNotReached(context.GetForwarderErrorFeature()))
        {
            var period = cluster.Model.Config.HealthCheck!.Passive!.ReactivationPeriod!.Value;
            health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, period);
        }
    }

    /// <summary>No connection came about, so nothing of the request can have been carried out.</summary>
    public static bool WasNotReached(IForwarderErrorFeature? failure) => failure?.Exception switch
    {
        HttpRequestException refused => refused.HttpRequestError
            is HttpRequestError.ConnectionError
            or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError,
        // An address that says nothing, as that of a removed container: only the limit for connecting has this cause.
        // The limit for an answer cancels without one.
        OperationCanceledException { InnerException: TimeoutException } => true,
        _ => false,
    };
}
