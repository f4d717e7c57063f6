using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Gateway.Proxy;

/// <summary>
/// Makes every address behind a name a destination of its own, so that replicas added or removed while the gateway runs
/// are found. A name that nobody answers to stays as it is: its service may simply not have started yet.
/// </summary>
internal sealed partial class NameResolution(ILogger<NameResolution> logger) : IDestinationResolver
{
    private static readonly TimeSpan RefreshPeriod = TimeSpan.FromSeconds(10);

    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        var resolved = new Dictionary<string, DestinationConfig>();
        foreach (var (id, destination) in destinations)
        {
            var address = new Uri(destination.Address);
            foreach (var ip in await AddressesOf(address, cancellationToken))
            {
                var direct = new UriBuilder(address) { Host = ip }.Uri.ToString();
                resolved[direct] = destination with { Address = direct, Host = address.Authority };
            }
        }

        return new ResolvedDestinationCollection(resolved, NextRefresh(destinations));
    }

    private async Task<IEnumerable<string>> AddressesOf(Uri address, CancellationToken cancellationToken)
    {
        if (address.HostNameType != UriHostNameType.Dns)
        {
            return [address.Host];
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(address.Host, cancellationToken);
            return addresses.Select(ip => ip.ToString());
        }
        catch (SocketException unknown)
        {
            LogUnresolved(address.Host, unknown.Message);
            return [address.Host];
        }
    }

    /// <summary>Addresses that are no names never change.</summary>
    private static CancellationChangeToken? NextRefresh(IReadOnlyDictionary<string, DestinationConfig> destinations) =>
        destinations.Values.Any(destination => new Uri(destination.Address).HostNameType == UriHostNameType.Dns)
            ? new CancellationChangeToken(new CancellationTokenSource(RefreshPeriod).Token)
            : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Host} cannot be resolved yet: {Reason}")]
    private partial void LogUnresolved(string host, string reason);
}
