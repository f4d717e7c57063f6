using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ServiceMesh.Hosting.Http;

/// <summary>
/// SHA-256 of the body of a request that carries an <c>Idempotency-Key</c>, taken before it is bound.
/// </summary>
internal sealed record RequestHash(byte[] Sha256)
{
    public static IApplicationBuilder Use(IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.Request.Headers.ContainsKey(Once.Header) && TakesOnce(context.GetEndpoint()))
        {
            context.Request.EnableBuffering();
            var hash = await SHA256.HashDataAsync(context.Request.Body, context.RequestAborted);
            context.Request.Body.Position = 0;
            context.Features.Set(new RequestHash(hash));
        }

        await next(context);
    });

    /// <summary>
    /// A file that is read as a stream is not buffered for a key that its operation does not look at.
    /// </summary>
    private static bool TakesOnce(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<MethodInfo>() is { } handler
        && Array.Exists(handler.GetParameters(), parameter => parameter.ParameterType == typeof(Once));
}
