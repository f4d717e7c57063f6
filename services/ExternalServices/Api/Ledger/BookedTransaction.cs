using ExternalServices.Domain.Ledger;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Ledger;

/// <summary>A transaction of the books.</summary>
public sealed record BookedTransaction
{
    /// <summary>That of the invoice, credit note, payment or other fact that it books.</summary>
    public required Guid Id { get; init; }

    public required string LegalEntity { get; init; }

    /// <summary>Null when it concerns several customers or none.</summary>
    public required string? Customer { get; init; }

    public required LedgerKind Kind { get; init; }

    public required DateOnly Day { get; init; }

    public required string Description { get; init; }

    /// <summary>The transaction that it takes back.</summary>
    public required Guid? Reverses { get; init; }

    /// <summary>They sum to zero in every currency.</summary>
    public required IReadOnlyList<BookedEntry> Entries { get; init; }

    public required DateTimeOffset PostedAt { get; init; }
}

/// <summary>One side of a transaction.</summary>
public sealed record BookedEntry
{
    public required LedgerAccount Account { get; init; }

    /// <summary>The account in the accounting system, where it is mapped.</summary>
    public required string? ErpAccount { get; init; }

    /// <summary>Debits are positive, credits negative.</summary>
    public required Money Amount { get; init; }

    /// <summary>The service of a revenue; the category and rate of a tax.</summary>
    public required string? Detail { get; init; }
}

/// <summary>As it is stored, without its entries.</summary>
internal sealed record BookedRow
{
    public required Guid Id { get; init; }

    public required string LegalEntity { get; init; }

    public required string? Customer { get; init; }

    public required LedgerKind Kind { get; init; }

    public required DateOnly Day { get; init; }

    public required string Description { get; init; }

    public required Guid? Reverses { get; init; }

    public required DateTimeOffset PostedAt { get; init; }

    /// <summary>In the order in which it was booked.</summary>
    public required long Position { get; init; }

    /// <summary>The transactions with their entries, in their order.</summary>
    public static async Task<IReadOnlyList<BookedTransaction>> WithEntries(
        Transaction transaction, IReadOnlyList<BookedRow> rows)
    {
        var entries = await transaction.Query<EntryRow>(
            SelectEntries, new { Ids = rows.Select(row => row.Id).ToArray() });
        var byTransaction = entries.ToLookup(entry => entry.Transaction);
        return [.. rows.Select(row => row.With(byTransaction[row.Id]))];
    }

    private BookedTransaction With(IEnumerable<EntryRow> entries) => new()
    {
        Id = Id,
        LegalEntity = LegalEntity,
        Customer = Customer,
        Kind = Kind,
        Day = Day,
        Description = Description,
        Reverses = Reverses,
        PostedAt = PostedAt,
        Entries =
        [
            .. entries.Select(entry => new BookedEntry
            {
                Account = entry.Account,
                ErpAccount = entry.ErpAccount,
                Amount = new Money(entry.Amount, entry.Currency),
                Detail = entry.Detail,
            }),
        ],
    };

    private sealed record EntryRow
    {
        public required Guid Transaction { get; init; }

        public required LedgerAccount Account { get; init; }

        public required string? ErpAccount { get; init; }

        public required Currency Currency { get; init; }

        public required decimal Amount { get; init; }

        public required string? Detail { get; init; }
    }

    private const string SelectEntries = """
        select entry.transaction, entry.account, mapping.erp_account, entry.currency, entry.amount, entry.detail
        from ledger.entries entry
        left join ledger.account_mappings mapping
            on mapping.legal_entity = entry.legal_entity and mapping.account = entry.account
        where entry.transaction = any(@Ids)
        order by entry.transaction, entry.number
        """;
}
