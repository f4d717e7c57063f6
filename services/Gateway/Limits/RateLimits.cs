using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace Gateway.Limits;

/// <summary>Whose bucket a request is taken from: the caller's, or the address's where there is no caller.</summary>
internal readonly record struct Bucket(string? Subject, IPAddress? Address)
{
    private const int NetworkBytes = 8;

    public static Bucket Of(HttpContext context) => Caller.Of(context.User) is { } caller
        ? new Bucket(caller.Subject, null)
        : OfAddress(context);

    public static Bucket OfAddress(HttpContext context) => new(null, Sender(context.Connection.RemoteIpAddress));

    /// <summary>One IPv6 customer has a whole network of addresses: they share a bucket.</summary>
    private static IPAddress? Sender(IPAddress? address)
    {
        if (address is null or { AddressFamily: AddressFamily.InterNetwork })
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new IPAddress(bytes);
    }
}

/// <summary>Limits what one caller may ask for, so that nobody takes the mesh from the others.</summary>
internal static class RateLimits
{
    public static IServiceCollection AddRateLimits(this IServiceCollection services, RateLimitOptions options) =>
        services.AddRateLimiter(limiter =>
        {
            var second = TimeSpan.FromSeconds(1);
            var caller = TokenBucket(options.RequestsPerSecond, second, options.Burst);
            var anonymous = TokenBucket(options.AnonymousRequestsPerSecond, second, options.AnonymousBurst);
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, Bucket>(context =>
                RateLimitPartition.GetTokenBucketLimiter(
                    Bucket.Of(context), bucket => bucket.Subject is null ? anonymous : caller));
            limiter.OnRejected = (rejected, _) => new ValueTask(Refuse(rejected.HttpContext, rejected.Lease));
        });

    public static Task Refuse(HttpContext context, RateLimitLease lease)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter) ? retryAfter : TimeSpan.Zero;
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Problem
            .Of(StatusCodes.Status429TooManyRequests, "too-many-requests", $"Slow down; try again in {seconds} s.")
            .ExecuteAsync(context);
    }

    public static TokenBucketRateLimiterOptions TokenBucket(int tokens, TimeSpan period, int burst) => new()
    {
        TokensPerPeriod = tokens,
        ReplenishmentPeriod = period,
        TokenLimit = burst,
        QueueLimit = 0,
    };
}
