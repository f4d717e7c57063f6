using ServiceMesh.Data;

namespace InternalServices.Api.Chargeback.Statements;

/// <summary>
/// Acknowledges statements whose time has come, a chunk in each transaction. The rows themselves are the list of what
/// is due, and a replica passes over those that another holds.
/// </summary>
internal sealed partial class AcknowledgementWorker(
    Database database, StatementOptions options, TimeProvider time, ILogger<AcknowledgementWorker> logger)
    : BackgroundService
{
    private const int ChunkSize = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Actor.Act(new Actor { Name = "acknowledgement", Operation = "acknowledgeInTime" });
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await database.InTransaction(Tenant.Provider, AcknowledgeDue, stoppingToken) > 0)
                {
                    // Each chunk is a transaction of its own.
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

            await Task.Delay(options.LookAgainAfter, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static Task<int> AcknowledgeDue(Transaction transaction) =>
        transaction.Execute(Update, new { transaction.Now, ChunkSize });

    private const string Update = """
        with due as (
            select id
            from chargeback.statements
            where state = 'issued' and acknowledge_by <= @Now
            order by acknowledge_by, id
            limit @ChunkSize
            for update skip locked
        )
        update chargeback.statements statement
        set state = 'acknowledged', version = version + 1, acknowledged_at = @Now
        from due
        where statement.id = due.id
        """;

    [LoggerMessage(LogLevel.Error, "Statements whose time has come are not acknowledged yet; it is tried again")]
    private static partial void Interrupted(ILogger logger, Exception fault);
}
