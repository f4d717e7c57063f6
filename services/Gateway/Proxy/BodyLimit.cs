using ServiceMesh.Hosting.Http;

namespace Gateway.Proxy;

/// <summary>Refuses a body that says it is too large before it is read; the server stops what does not say.</summary>
internal static class BodyLimit
{
    public static Problem Problem { get; } = Problem.Of(
        StatusCodes.Status413PayloadTooLarge, "body-too-large", "The body is larger than this operation takes.");

    public static Task Check(HttpContext context, RequestDelegate next) =>
        context.Request.ContentLength > context.GetReverseProxyFeature().Route.Config.MaxRequestBodySize
            ? Problem.ExecuteAsync(context)
            : next(context);
}
