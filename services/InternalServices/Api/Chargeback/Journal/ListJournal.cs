using System.Globalization;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Journal;

/// <summary>The double entry of a month.</summary>
public static class ListJournal
{
    /// <summary>One side of a transaction.</summary>
    public sealed record Entry
    {
        public required Guid TransactionId { get; init; }

        /// <summary>Its place in the transaction.</summary>
        public required int Position { get; init; }

        public required TransactionKind Kind { get; init; }

        /// <summary>The run that was posted or reversed; none for other kinds.</summary>
        public required Guid? RunId { get; init; }

        /// <summary>The dispute that was accepted; none for other kinds.</summary>
        public required Guid? DisputeId { get; init; }

        public required JournalAccount Account { get; init; }

        /// <summary>Code of the pool or department, or <c>OPENING-BALANCE</c>.</summary>
        public required string Code { get; init; }

        /// <summary>Debits are positive, credits negative.</summary>
        public required Money Amount { get; init; }

        /// <summary>The other department, where cost moves between two.</summary>
        public required string? Counterparty { get; init; }

        public required DateTimeOffset PostedAt { get; init; }
    }

    public static async Task<Page<Entry>> Handle(
        Period month, Paging paging, Database database, CancellationToken cancellationToken)
    {
        var after = paging.After.Split(Separator);
        var rows = await database.Read(
            Tenant.Provider,
            transaction => transaction.Query<Row>(
                Select,
                new
                {
                    Month = month,
                    Transaction = Guid.TryParse(after[0], out var id) ? id : Guid.Empty,
                    Position = PositionOf(after[^1]),
                    paging.Fetch,
                }),
            cancellationToken);
        return paging.Page(
            [.. rows.Select(row => row.ToEntry())], entry => $"{entry.TransactionId}{Separator}{entry.Position}");
    }

    private static int PositionOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : 0;

    private const char Separator = '/';

    private sealed record Row
    {
        public required Guid TransactionId { get; init; }

        public required int Position { get; init; }

        public required TransactionKind Kind { get; init; }

        public Guid? RunId { get; init; }

        public Guid? DisputeId { get; init; }

        public required JournalAccount Account { get; init; }

        public required string Code { get; init; }

        public required decimal Amount { get; init; }

        public required Currency Currency { get; init; }

        public string? Counterparty { get; init; }

        public required DateTimeOffset PostedAt { get; init; }

        public Entry ToEntry() => new()
        {
            TransactionId = TransactionId,
            Position = Position,
            Kind = Kind,
            RunId = RunId,
            DisputeId = DisputeId,
            Account = Account,
            Code = Code,
            Amount = new Money(Amount, Currency),
            Counterparty = Counterparty,
            PostedAt = PostedAt,
        };
    }

    private const string Select = """
        select entry.transaction_id, entry.position, transaction.kind, transaction.run_id, transaction.dispute_id,
            entry.account_kind as account, entry.account_code as code, entry.amount, transaction.currency,
            entry.counterparty_code as counterparty, transaction.posted_at
        from chargeback.journal_transactions transaction
        join chargeback.journal_entries entry on entry.transaction_id = transaction.id
        where transaction.month = @Month and (entry.transaction_id, entry.position) > (@Transaction, @Position)
        order by entry.transaction_id, entry.position
        limit @Fetch
        """;
}
