using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Ledger;

/// <summary>What a transaction books.</summary>
public enum LedgerKind
{
    /// <summary>An invoice was issued, with its tax.</summary>
    Issue,

    /// <summary>A credit note was issued.</summary>
    Credit,

    /// <summary>Money came in.</summary>
    Payment,

    /// <summary>Money of a customer settled an invoice.</summary>
    Allocation,

    /// <summary>Money was paid back.</summary>
    Refund,

    /// <summary>An invoice was written off.</summary>
    WriteOff,

    /// <summary>A reminder was charged.</summary>
    DunningFee,

    /// <summary>Deferred revenue was earned.</summary>
    Recognition,

    /// <summary>A balance was taken over from another system.</summary>
    OpeningBalance,

    /// <summary>Another transaction was taken back.</summary>
    Reversal,
}

/// <summary>One side of a transaction.</summary>
/// <param name="Account">Which account it moves.</param>
/// <param name="Amount">Debits are positive, credits negative.</param>
/// <param name="Detail">The service of a revenue; the category and rate of a tax.</param>
public sealed record LedgerEntry(LedgerAccount Account, Money Amount, string? Detail = null);

/// <summary>A fact as the books see it: entries that sum to zero in every currency.</summary>
public sealed record LedgerTransaction
{
    private LedgerTransaction()
    {
    }

    /// <summary>That of the fact which it books.</summary>
    public Guid Id { get; private init; }

    public string LegalEntity { get; private init; } = "";

    /// <summary>Whose fact it is; null when of several customers or none.</summary>
    public string? Customer { get; private init; }

    public LedgerKind Kind { get; private init; }

    public DateOnly Day { get; private init; }

    public string Description { get; private init; } = "";

    /// <summary>The transaction that it takes back.</summary>
    public Guid? Reverses { get; private init; }

    /// <summary>None of them zero; empty when the fact moves no money.</summary>
    public IReadOnlyList<LedgerEntry> Entries { get; private init; } = [];

    /// <exception cref="ArgumentException">The entries do not sum to zero in every currency.</exception>
    public static LedgerTransaction Of(LedgerFact fact, params IEnumerable<LedgerEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(fact);
        LedgerEntry[] moved = [.. entries.Where(entry => entry.Amount.Amount != 0)];
        if (moved.GroupBy(entry => entry.Amount.Currency).Any(same => same.Sum(entry => entry.Amount.Amount) != 0))
        {
            throw new ArgumentException($"The entries of {fact.Description} do not sum to zero.", nameof(entries));
        }

        return new LedgerTransaction
        {
            Id = fact.Id,
            LegalEntity = fact.LegalEntity,
            Customer = fact.Customer,
            Kind = fact.Kind,
            Day = fact.Day,
            Description = fact.Description,
            Entries = moved,
        };
    }

    /// <summary>The same with the sides exchanged: afterwards it is as if it had never been.</summary>
    public LedgerTransaction Mirror(Guid id, DateOnly day, string description) =>
        this with
        {
            Id = id,
            Kind = LedgerKind.Reversal,
            Day = day,
            Description = description,
            Reverses = Id,
            Entries = [.. Entries.Select(entry => entry with { Amount = -entry.Amount })],
        };
}

/// <summary>What is booked, before its amounts.</summary>
public sealed record LedgerFact
{
    public required Guid Id { get; init; }

    public required string LegalEntity { get; init; }

    public string? Customer { get; init; }

    public required LedgerKind Kind { get; init; }

    public required DateOnly Day { get; init; }

    /// <summary>As the statement shows it, for example <c>Invoice NW-2026-000001</c>.</summary>
    public required string Description { get; init; }
}
