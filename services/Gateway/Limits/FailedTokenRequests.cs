using System.Threading.RateLimiting;

namespace Gateway.Limits;

/// <summary>
/// Counts wrong secrets by the sender's address. Only failures count: a system that sends the right secret is never
/// slowed down by this, and nobody can lock another's client by guessing.
/// </summary>
internal sealed class FailedTokenRequests(GatewayOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> _failures =
        PartitionedRateLimiter.Create<HttpContext, Bucket>(context =>
            RateLimitPartition.GetFixedWindowLimiter(Bucket.OfAddress(context), _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = options.RateLimit.FailedTokenRequestsPerMinute,
                Window = TimeSpan.FromMinutes(1),
            }));

    public async Task Invoke(HttpContext context, RequestDelegate next)
    {
        using var standing = _failures.AttemptAcquire(context, permitCount: 0);
        if (!standing.IsAcquired)
        {
            await RateLimits.Refuse(context, standing);
            return;
        }

        await next(context);
        if (context.Response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            _failures.AttemptAcquire(context).Dispose();
        }
    }

    public void Dispose() => _failures.Dispose();
}
