using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using ServiceMesh.Data;

namespace ServiceMesh.Hosting.Operations;

/// <summary>Removes first answers that are older than their promise.</summary>
internal sealed partial class IdempotencyPrune(Database database, TimeProvider time, ILogger<IdempotencyPrune> logger)
    : BackgroundService
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await database.InTransaction(
                    Tenant.Provider,
                    transaction => transaction.Execute(Delete, new { Before = transaction.Now - Kept }),
                    stoppingToken);
            }
            catch (NpgsqlException exception)
            {
                LogPostponed(exception);
            }
        }
    }

    private const string Delete = "delete from hosting.idempotency_keys where created_at < @Before";

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old idempotency keys stay for another hour")]
    private partial void LogPostponed(Exception exception);
}
