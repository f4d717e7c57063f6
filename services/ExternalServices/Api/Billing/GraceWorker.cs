using ServiceMesh.Data;
using ServiceMesh.Messaging;

namespace ExternalServices.Api.Billing;

/// <summary>Finalizes drafts whose time of grace is over, one in each step.</summary>
internal sealed partial class GraceWorker(
    Database database, Outbox outbox, TimeProvider time, ILogger<GraceWorker> logger) : Worker(database, time, logger)
{
    /// <summary>The number series is locked until the commit, so each draft has its own.</summary>
    protected override async Task<bool> Step(Transaction transaction)
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

    [LoggerMessage(LogLevel.Warning, "Draft {Id} cannot be finalized ({Code}) and waits for somebody")]
    private static partial void Refused(ILogger logger, Guid id, string code);
}
