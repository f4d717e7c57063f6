using ServiceMesh.Data;

namespace ExternalServices.Api.Integrity;

/// <summary>Seals issued documents soon after they were issued: nobody who issues one waits for it.</summary>
internal sealed partial class SealWorker(Database database, TimeProvider time, ILogger<SealWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await database.InTransaction(Tenant.Provider, Sealing.Next, stoppingToken))
                {
                    // Each step is a transaction of its own.
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                Interrupted(logger, fault);
            }

            await Task.Delay(LookAgainAfter, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Error, "Issued documents could not be sealed; they are tried again")]
    private static partial void Interrupted(ILogger logger, Exception fault);
}
