using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Journal;

/// <summary>Entries that were booked together and sum to zero.</summary>
public sealed record JournalTransaction
{
    public required Guid Id { get; init; }

    /// <summary>The month whose books it is in.</summary>
    public required Period Month { get; init; }

    public required TransactionKind Kind { get; init; }

    /// <summary>The run that was posted or reversed; none for other kinds.</summary>
    public required Guid? RunId { get; init; }

    /// <summary>The transaction that it mirrors.</summary>
    public required Guid? Reverses { get; init; }

    /// <summary>The transaction that mirrors it.</summary>
    public required Guid? ReversedBy { get; init; }

    /// <summary>What it was booked for, where somebody said it.</summary>
    public required string? Description { get; init; }

    /// <summary>How many entries it has.</summary>
    public required long Entries { get; init; }

    /// <summary>Σ debits, which is Σ credits.</summary>
    public required Money Debits { get; init; }

    public required DateTimeOffset PostedAt { get; init; }

    public required string PostedBy { get; init; }

    internal static async Task<JournalTransaction?> Load(Transaction transaction, Guid id) =>
        (await transaction.SingleOrDefault<Row>(Select, new { Id = id }))?.ToTransaction();

    private sealed record Row
    {
        public required Guid Id { get; init; }

        public required Period Month { get; init; }

        public required TransactionKind Kind { get; init; }

        public Guid? RunId { get; init; }

        public Guid? Reverses { get; init; }

        public Guid? ReversedBy { get; init; }

        public string? Description { get; init; }

        public required long Entries { get; init; }

        public required decimal Debits { get; init; }

        public required Currency Currency { get; init; }

        public required DateTimeOffset PostedAt { get; init; }

        public required string PostedBy { get; init; }

        public JournalTransaction ToTransaction() => new()
        {
            Id = Id,
            Month = Month,
            Kind = Kind,
            RunId = RunId,
            Reverses = Reverses,
            ReversedBy = ReversedBy,
            Description = Description,
            Entries = Entries,
            Debits = new Money(Debits, Currency),
            PostedAt = PostedAt,
            PostedBy = PostedBy,
        };
    }

    private const string Select = """
        select transaction.id, transaction.month, transaction.kind, transaction.run_id, transaction.reverses,
            mirror.id as reversed_by, transaction.description, transaction.currency, transaction.posted_at,
            transaction.posted_by,
            (select count(*) from chargeback.journal_entries entry where entry.transaction_id = transaction.id)
                as entries,
            (select coalesce(sum(entry.amount) filter (where entry.amount > 0), 0)
                from chargeback.journal_entries entry
                where entry.transaction_id = transaction.id) as debits
        from chargeback.journal_transactions transaction
        left join chargeback.journal_transactions mirror on mirror.reverses = transaction.id
        where transaction.id = @Id
        """;
}

public enum TransactionKind
{
    /// <summary>A run was posted.</summary>
    Posting,

    /// <summary>Something was undone: the mirror of its transaction.</summary>
    Reversal,

    /// <summary>Balances were taken over from the books kept before.</summary>
    OpeningBalance,

    /// <summary>A dispute was accepted: cost moves from one department to another.</summary>
    Dispute,
}
