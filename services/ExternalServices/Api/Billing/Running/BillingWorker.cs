using ServiceMesh.Data;

namespace ExternalServices.Api.Billing.Running;

/// <summary>
/// Carries out billing runs, a chunk of contracts in each transaction. What a run has done is in the same transaction
/// as its invoices: a process that dies leaves nothing half, and another one goes on where it stopped.
/// </summary>
internal sealed partial class BillingWorker(
    Database database, BillingStep step, BillingSignal signal, TimeProvider time, ILogger<BillingWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await database.InTransaction(Tenant.Provider, step.Take, stoppingToken))
                {
                    // Each step is a transaction of its own.
                }

                await signal.Wait(LookAgainAfter, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                Interrupted(logger, fault);
                await Task.Delay(PauseAfterFault, time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "A step of a billing run failed and is tried again; nothing of it was kept")]
    private static partial void Interrupted(ILogger logger, Exception fault);
}
