namespace Gateway;

/// <summary>
/// Headers that keep browsers from doing anything with an answer but show it. A service that sets one itself, for a
/// document that is made to be printed, keeps its own.
/// </summary>
internal static class SecurityHeaders
{
    private const string NothingMayLoad =
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public static Task Set(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static response => Complete((HttpResponse)response), context.Response);
        return next(context);
    }

    private static Task Complete(HttpResponse response)
    {
        var headers = response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = NothingMayLoad;
        }

        if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-store";
        }

        if (response.HttpContext.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        headers.Remove("Server");
        return Task.CompletedTask;
    }
}
