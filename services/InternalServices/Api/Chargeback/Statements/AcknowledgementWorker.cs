using ServiceMesh.Data;

namespace InternalServices.Api.Chargeback.Statements;

/// <summary>Acknowledges statements whose time has come, a chunk in each step.</summary>
internal sealed class AcknowledgementWorker(
    Database database, StatementOptions options, TimeProvider time, ILogger<AcknowledgementWorker> logger)
    : Worker(database, time, logger)
{
    private const int ChunkSize = 500;

    protected override TimeSpan LookAgainAfter => options.LookAgainAfter;

    protected override Actor Actor { get; } = new() { Name = "acknowledgement", Operation = "acknowledgeInTime" };

    protected override async Task<bool> Step(Transaction transaction) =>
        await transaction.Execute(Update, new { transaction.Now, ChunkSize }) == ChunkSize;

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
}
