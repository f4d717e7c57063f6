using ServiceMesh.Data;
using ServiceMesh.Messaging;

namespace ExternalServices.Api.Billing;

/// <summary>Finalizes drafts whose time of grace is over, one in each transaction.</summary>
internal sealed partial class GraceWorker(
    Database database, Outbox outbox, TimeProvider time, ILogger<GraceWorker> logger) : BackgroundService
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await database.InTransaction(Tenant.Provider, FinalizeNext, stoppingToken))
                {
                    // The number series is locked until the commit, so each draft has its own.
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

    /// <returns>False when there is nothing to do.</returns>
    private async Task<bool> FinalizeNext(Transaction transaction)
    {
        if (await transaction.SingleOrDefault<Guid?>(SelectNext, new { transaction.Now }) is not { } id) return false;
        var finalized = await FinalizeInvoice.Finalize(transaction, id, outbox);
        if (finalized.Refusal is { } refusal)
        {
            // Somebody has to look at it: it waits without a time.
            Refused(logger, id, refusal.Code);
            await transaction.Execute(Hold, new { Id = id });
        }

        return true;
    }

    private const string SelectNext = """
        select id
        from billing.invoices
        where state = 'draft' and finalizes_at <= @Now
        order by finalizes_at, id
        limit 1
        for update skip locked
        """;

    private const string Hold = "update billing.invoices set finalizes_at = null where id = @Id";

    [LoggerMessage(LogLevel.Error, "Drafts whose time has come could not be finalized; they are tried again")]
    private static partial void Interrupted(ILogger logger, Exception fault);

    [LoggerMessage(LogLevel.Warning, "Draft {Id} cannot be finalized ({Code}) and waits for somebody")]
    private static partial void Refused(ILogger logger, Guid id, string code);
}
