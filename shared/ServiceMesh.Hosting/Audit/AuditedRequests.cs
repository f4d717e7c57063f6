using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Identity;

namespace ServiceMesh.Hosting.Audit;

/// <summary>Names the caller, the operation and the reason of every request that may change something.</summary>
internal static class AuditedRequests
{
    public const string ReasonHeader = "X-Reason";
    public const int MaxReasonLength = 200;

    public static void Use(IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (!HttpMethods.IsGet(context.Request.Method) && Caller.Of(context.User) is { } caller)
        {
            Actor.Act(new Actor
            {
                Name = caller.Subject,
                Party = caller.Code is { } code ? $"{TokenClaims.Spell(caller.Kind)}:{code}" : null,
                Operation = OperationOf(context),
                Reason = ReasonOf(context.Request),
                TraceId = Activity.Current?.TraceId.ToString(),
            });
        }

        await next(context);
    });

    private static string OperationOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName
        ?? $"{context.Request.Method} {context.Request.Path}";

    private static string? ReasonOf(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(ReasonHeader, out var said)) return null;
        var reason = said.ToString();
        return !string.IsNullOrWhiteSpace(reason) && reason.Length <= MaxReasonLength && !reason.Any(char.IsControl)
            ? reason
            : throw new BadHttpRequestException($"{ReasonHeader} has 1 to {MaxReasonLength} printable characters.");
    }
}
