using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using ServiceMesh.Data;

namespace ServiceMesh.Hosting.Audit;

/// <summary>Seals what the audit trail has taken in since, soon after its commit.</summary>
internal sealed partial class AuditSealing(Database database, TimeProvider time, ILogger<AuditSealing> logger)
    : BackgroundService
{
    private const int EntriesAtMost = 1000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await Seal(stoppingToken) == EntriesAtMost)
                {
                }
            }
            catch (NpgsqlException exception)
            {
                LogPostponed(exception);
            }
        }
    }

    private Task<int> Seal(CancellationToken cancellationToken) => database.InTransaction(
        Tenant.Provider,
        transaction => transaction.Scalar<int>("select audit.seal(@EntriesAtMost)", new { EntriesAtMost }),
        cancellationToken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The audit trail is sealed later")]
    private partial void LogPostponed(Exception exception);
}
