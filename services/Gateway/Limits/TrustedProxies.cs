using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace Gateway.Limits;

/// <summary>
/// Whom the gateway believes where a request comes from: nobody, unless the operator names the proxies in front of it.
/// </summary>
internal static class TrustedProxies
{
    public static IServiceCollection AddTrustedProxies(this IServiceCollection services, string[] addresses) =>
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var address in addresses)
            {
                forwarded.KnownProxies.Add(IPAddress.Parse(address));
            }

            forwarded.ForwardedHeaders = forwarded.KnownProxies.Count == 0
                ? ForwardedHeaders.None
                : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        });
}
