using Microsoft.Extensions.Logging;
using ServiceMesh.Data;

namespace ServiceMesh.Hosting.Operations;

/// <summary>Removes first answers that are older than their promise.</summary>
internal sealed class IdempotencyPrune(Database database, TimeProvider time, ILogger<IdempotencyPrune> logger)
    : Worker(database, time, logger)
{
    private const int ChunkSize = 10_000;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    protected override TimeSpan LookAgainAfter => TimeSpan.FromHours(1);

    protected override async Task<bool> Step(Transaction transaction) =>
        await transaction.Execute(Delete, new { Before = transaction.Now - Kept, ChunkSize }) == ChunkSize;

    private const string Delete = """
        delete from hosting.idempotency_keys
        where ctid = any (array (
            select ctid from hosting.idempotency_keys
            where created_at < @Before limit @ChunkSize for update skip locked))
        """;
}
