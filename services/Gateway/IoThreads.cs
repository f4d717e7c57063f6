using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Yarp.ReverseProxy.Model;

namespace Gateway;

/// <summary>
/// A proxied request is nothing but waiting for sockets, so it runs on the very threads that wait for them: handing it
/// to the thread pool and back, four times for each request, would cost a fifth of the gateway's CPU time.
/// </summary>
internal static class IoThreads
{
    private const string ClientSockets = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>For the sockets towards the services; the runtime reads it once, before the first socket.</summary>
    public static void RunContinuations() => Environment.SetEnvironmentVariable(ClientSockets, "1");

    /// <summary>For the sockets towards the clients.</summary>
    public static void RunRequests(SocketTransportOptions sockets) => sockets.UnsafePreferInlineScheduling = true;

    /// <summary>What the gateway answers itself may take its time, and leaves these threads.</summary>
    public static Task Spare(HttpContext context, RequestDelegate next) =>
        context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>() is null ? Elsewhere(context, next) : next(context);

    private static async Task Elsewhere(HttpContext context, RequestDelegate next)
    {
        await Task.Yield();
        await next(context);
    }
}
