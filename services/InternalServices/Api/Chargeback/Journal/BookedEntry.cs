using System.Runtime.CompilerServices;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Journal;

/// <summary>An entry with its transaction, as files of the journal need it.</summary>
internal sealed record BookedEntry
{
    /// <summary>Entries read and sent at a time.</summary>
    private const int ChunkSize = 5000;

    public required Guid TransactionId { get; init; }

    public required Period Month { get; init; }

    public required TransactionKind TransactionKind { get; init; }

    public Guid? RunId { get; init; }

    public Guid? Reverses { get; init; }

    public string? Description { get; init; }

    public required DateTimeOffset PostedAt { get; init; }

    public required int Position { get; init; }

    public required JournalAccount AccountKind { get; init; }

    public required string AccountCode { get; init; }

    public string? ErpAccount { get; init; }

    public string? ErpCostCenter { get; init; }

    public required decimal Amount { get; init; }

    public required Currency Currency { get; init; }

    /// <summary>
    /// The entries of a span of months, by month, transaction and position, in chunks of one short transaction each:
    /// what is booked meanwhile is in the file as a whole or not at all.
    /// </summary>
    public static async IAsyncEnumerable<IReadOnlyList<BookedEntry>> Chunks(
        Database database, MonthSpan span, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (Period Month, Guid Transaction, int Position) last = (span.From, Guid.Empty, 0);
        while (true)
        {
            var chunk = await database.Read(
                Tenant.Provider,
                transaction => transaction.Query<BookedEntry>(
                    SelectChunk, new { span.To, last.Month, last.Transaction, last.Position, Size = ChunkSize }),
                cancellationToken);
            yield return chunk;
            if (chunk.Count < ChunkSize) yield break;
            last = (chunk[^1].Month, chunk[^1].TransactionId, chunk[^1].Position);
        }
    }

    private const string SelectChunk = """
        select transaction.id as transaction_id, transaction.month, transaction.kind as transaction_kind,
            transaction.run_id, transaction.reverses, transaction.description, transaction.posted_at, entry.position,
            entry.account_kind, entry.account_code, mapping.erp_account, mapping.erp_cost_center, entry.amount,
            transaction.currency
        from chargeback.journal_transactions transaction
        join chargeback.journal_entries entry on entry.transaction_id = transaction.id
        left join chargeback.account_mappings mapping
            on mapping.account_kind = entry.account_kind and mapping.account_code = entry.account_code
        where transaction.month between @Month and @To
            and (transaction.month, transaction.id) >= (@Month::date, @Transaction)
            and (transaction.month, transaction.id, entry.position) > (@Month::date, @Transaction, @Position)
        order by transaction.month, transaction.id, entry.position
        limit @Size
        """;
}

/// <summary>Months from the first to the last, both included.</summary>
internal sealed record MonthSpan(Period From, Period To)
{
    /// <summary>A side that is not given is open.</summary>
    public static MonthSpan Of(Period? from, Period? to) => new(from ?? Earliest, to ?? Latest);

    private static readonly Period Earliest = new(1990, 1);

    private static readonly Period Latest = new(2199, 12);
}
