using Microsoft.Extensions.Logging;
using ServiceMesh.Data;

namespace ServiceMesh.Messaging.Consuming;

/// <summary>Forgets changes that can no longer be delivered again.</summary>
internal sealed class InboxPrune(
    Database database, MessagingOptions options, TimeProvider time, ILogger<InboxPrune> logger)
    : Worker(database, time, logger)
{
    private const int ChunkSize = 10_000;

    protected override TimeSpan LookAgainAfter => TimeSpan.FromHours(1);

    protected override async Task<bool> Step(Transaction transaction) =>
        await Prune(transaction, options.InboxRetention) == ChunkSize;

    public static Task<int> Prune(Transaction transaction, TimeSpan retention) =>
        transaction.Execute(Delete, new { Before = transaction.Now - retention, ChunkSize });

    private const string Delete = """
        delete from messaging.inbox
        where ctid = any (array (
            select ctid from messaging.inbox where applied_at < @Before limit @ChunkSize for update skip locked))
        """;
}
