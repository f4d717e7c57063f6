using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace ServiceMesh.Hosting.Identity;

/// <summary>Gives 401 and 403 a body: the scheme writes status and <c>WWW-Authenticate</c>, this the problem.</summary>
internal sealed class RefusedCallers(IProblemDetailsService problems) : IAuthorizationMiddlewareResultHandler
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
        var problem = new ProblemDetailsContext { HttpContext = context };
        problem.ProblemDetails.Status = context.Response.StatusCode;
        problem.ProblemDetails.Detail = result.Challenged
            ? "Send a valid access token for this service: Authorization: Bearer …"
            : Reason(context, result);
        problem.ProblemDetails.Extensions["code"] = result.Challenged ? "unauthenticated" : "forbidden";
        await problems.TryWriteAsync(problem);
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
