using ServiceMesh.Hosting.Http;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Gateway.Proxy;

/// <summary>
/// Gives a request that reached nobody to the next destination, and answers what cannot be forwarded with a problem.
/// Whatever may have reached a destination is never sent twice: that is for the client, with its idempotency key.
/// </summary>
internal sealed partial class Forwarding(ILogger<Forwarding> logger)
{
    private const int RetryAfterSeconds = 5;

    public async Task Forward(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.GetForwarderErrorFeature() is not null)
        {
            await TryOthers(context, next);
        }
    }

    private async Task TryOthers(HttpContext context, RequestDelegate next)
    {
        var proxy = context.GetReverseProxyFeature();
        var untried = proxy.AllDestinations.Where(IsHealthy).ToList();
        while (UnreachableDestinations.WasNotReached(context.GetForwarderErrorFeature()))
        {
            untried.Remove(proxy.ProxiedDestination!);
            if (untried.Count == 0)
            {
                break;
            }

            context.Response.Clear();
            context.Features.Set<IForwarderErrorFeature>(null);
            proxy.AvailableDestinations = [.. untried];
            await next(context);
        }

        if (context.GetForwarderErrorFeature() is { } failure && CanAnswer(context))
        {
            await Answer(context, failure);
        }
    }

    private static bool IsHealthy(DestinationState destination) =>
        destination.Health is { Active: not DestinationHealth.Unhealthy, Passive: not DestinationHealth.Unhealthy };

    private static bool CanAnswer(HttpContext context) =>
        !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested;

    private Task Answer(HttpContext context, IForwarderErrorFeature failure)
    {
        var service = context.GetReverseProxyFeature().Cluster.Config.ClusterId;
        var problem = Describe(failure, context.Response.StatusCode, service);
        LogFailure(context.Request.Method, context.Request.Path, service, failure.Error, failure.Exception?.Message);
        context.Response.Clear();
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = $"{RetryAfterSeconds}";
        }

        return problem.ExecuteAsync(context);
    }

    private static Problem Describe(IForwarderErrorFeature failure, int status, string service) => failure.Error switch
    {
        ForwarderError.NoAvailableDestinations => Unavailable(service),
        _ when UnreachableDestinations.WasNotReached(failure) => Unavailable(service),
        ForwarderError.RequestBodyClient when status == StatusCodes.Status413PayloadTooLarge => BodyLimit.Problem,
        ForwarderError.RequestBodyClient =>
            Problem.Of(StatusCodes.Status400BadRequest, "unreadable", "The request could not be read to its end."),
        ForwarderError.RequestTimedOut =>
            Problem.Of(StatusCodes.Status504GatewayTimeout, "service-timeout", $"{service} did not answer in time."),
        _ => Problem.Of(StatusCodes.Status502BadGateway, "service-failed", $"{service} broke off its answer."),
    };

    private static Problem Unavailable(string service) => Problem.Of(
        StatusCodes.Status503ServiceUnavailable, "unavailable", $"{service} is not available at the moment.");

    [LoggerMessage(LogLevel.Warning, "{Method} {Path} was not answered by {Service}: {Error} {Reason}")]
    private partial void LogFailure(
        string method, PathString path, string service, ForwarderError error, string? reason);
}
