using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace ServiceMesh.Hosting.Identity;

/// <summary>
/// The rule for requests whose endpoint names no callers: a mapped endpoint stays shut, while a path or method that
/// does not exist goes on to its 404 or 405.
/// </summary>
internal sealed class ClosedByDefault : AuthorizationHandler<ClosedByDefault>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ClosedByDefault requirement)
    {
        if (context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint)
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}

/// <summary>Stops a service that forgot <c>.Allow(…)</c>, instead of letting it answer 403 for ever.</summary>
internal sealed class ClosedEndpointCheck(EndpointDataSource endpoints) : IHostedLifecycleService
{
    private static readonly string[] GuardedPaths = ["/internal/", "/external/", "/gateway/"];

    /// <summary>The endpoints are known only when the server's pipeline stands.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var guarded = endpoints.Endpoints.OfType<RouteEndpoint>().Where(IsGuarded);
        var faults = guarded.Select(Fault).OfType<string>().ToArray();
        return faults.Length == 0
            ? Task.CompletedTask
            : throw new InvalidOperationException(string.Join(Environment.NewLine, faults));
    }

    private static bool IsGuarded(RouteEndpoint endpoint)
    {
        var path = "/" + endpoint.RoutePattern.RawText?.TrimStart('/');
        return Array.Exists(GuardedPaths, guarded => path.StartsWith(guarded, StringComparison.OrdinalIgnoreCase));
    }

    private static string? Fault(RouteEndpoint endpoint)
    {
        var said = endpoint.Metadata.GetOrderedMetadata<Allowed>();
        if (said.Count == 0) return $"{endpoint.DisplayName}: nobody may call it; say .Allow(…).";
        return said.Zip(said.Skip(1)).All(pair => pair.First.Callers.Includes(pair.Second.Callers))
            ? null
            : $"{endpoint.DisplayName}: allows callers that its group does not.";
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
