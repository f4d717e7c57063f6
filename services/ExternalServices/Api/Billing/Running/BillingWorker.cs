using ServiceMesh.Data;

namespace ExternalServices.Api.Billing.Running;

/// <summary>
/// Carries out billing runs, a chunk of contracts in each transaction. What a run has done is in the same transaction
/// as its invoices: a process that dies leaves nothing half, and another one goes on where it stopped.
/// </summary>
internal sealed class BillingWorker(
    Database database, BillingStep step, BillingSignal signal, TimeProvider time, ILogger<BillingWorker> logger)
    : Worker(database, time, logger)
{
    protected override Task<bool> Step(Transaction transaction) => step.Take(transaction);

    protected override Task Idle(CancellationToken stoppingToken) =>
        signal.Wait(LookAgainAfter, Time, stoppingToken);
}
