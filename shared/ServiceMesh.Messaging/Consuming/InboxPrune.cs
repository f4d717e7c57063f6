using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using ServiceMesh.Data;

namespace ServiceMesh.Messaging.Consuming;

/// <summary>Forgets changes that can no longer be delivered again.</summary>
internal sealed partial class InboxPrune(
    Database database, MessagingOptions options, TimeProvider time, ILogger<InboxPrune> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Prune(database, options.InboxRetention, stoppingToken);
            }
            catch (NpgsqlException fault)
            {
                Postponed(logger, fault);
            }
        }
    }

    public static Task<int> Prune(Database database, TimeSpan retention, CancellationToken cancellation) =>
        database.InTransaction(
            Tenant.Provider,
            transaction => transaction.Execute(Delete, new { before = transaction.Now - retention }),
            cancellation);

    private const string Delete = "delete from messaging.inbox where applied_at < @before";

    [LoggerMessage(LogLevel.Warning, "Old entries of the inbox stay for another hour")]
    private static partial void Postponed(ILogger logger, Exception fault);
}
