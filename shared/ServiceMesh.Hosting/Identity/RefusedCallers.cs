using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using ServiceMesh.Hosting.Http;

namespace ServiceMesh.Hosting.Identity;

/// <summary>Gives 401 and 403 a body: the scheme writes status and <c>WWW-Authenticate</c>, this the problem.</summary>
internal sealed class RefusedCallers : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _scheme = new();

    public Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult) =>
        authorizeResult.Succeeded ? next(context) : Refuse(next, context, policy, authorizeResult);

    private async Task Refuse(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult result)
    {
        await _scheme.HandleAsync(next, context, policy, result);
        if (result.Forbidden)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer error=\"insufficient_scope\"";
        }

        var problem = result.Challenged
            ? Problem.Of(
                StatusCodes.Status401Unauthorized,
                "unauthenticated",
                "Send a valid access token for this service: Authorization: Bearer …")
            : Problem.Of(StatusCodes.Status403Forbidden, "forbidden", Reason(context, result));
        await problem.ExecuteAsync(context);
    }

    private static string Reason(HttpContext context, PolicyAuthorizationResult result)
    {
        var reasons = result.AuthorizationFailure?.FailureReasons.Select(reason => reason.Message).ToArray() ?? [];
        if (reasons.Length > 0) return string.Join(" ", reasons);
        return context.GetEndpoint() is { } endpoint && Admission.Of(endpoint.Metadata) is { } admission
            ? $"This operation is open to: {admission}."
            : "This operation is closed.";
    }
}
