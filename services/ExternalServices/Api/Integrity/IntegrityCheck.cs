namespace ExternalServices.Api.Integrity;

/// <summary>What is compared with what.</summary>
public enum CheckKind
{
    /// <summary>Numbers of documents follow one another, and so do their dates.</summary>
    NumberGaps,

    /// <summary>The hash chain of issued documents: none altered, exchanged, missing or put in.</summary>
    HashChain,

    /// <summary>Totals of documents against their lines and taxes.</summary>
    DocumentTotals,

    /// <summary>Entries of the ledger sum to zero, and each has its transaction.</summary>
    LedgerSums,

    /// <summary>Every document is in the books, with its own amounts.</summary>
    DocumentsBooked,

    /// <summary>What is stored as paid, credited and available against allocations, credit notes and refunds.</summary>
    Settlements,

    /// <summary>Recognised revenue of invoice lines against the books.</summary>
    RevenueBooked,

    /// <summary>Usage that two invoice lines bill.</summary>
    UsageBilledTwice,

    /// <summary>Usage of a billed span that no invoice line bills.</summary>
    UsageNeverBilled,

    /// <summary>The usage that a line says it bills against the events that are there.</summary>
    UsageOfLines,
}

/// <summary>The result of all checks.</summary>
public sealed record IntegrityReport
{
    /// <summary>The legal entity that was looked at; null for all.</summary>
    public required string? LegalEntity { get; init; }

    /// <summary>Whether no check found anything.</summary>
    public required bool IsSound { get; init; }

    public required IReadOnlyList<IntegrityResult> Checks { get; init; }

    /// <summary>Issued documents that are not sealed yet: they will be in seconds.</summary>
    public required long Unsealed { get; init; }

    public required DateTimeOffset CheckedAt { get; init; }
}

/// <summary>The result of one check.</summary>
public sealed record IntegrityResult
{
    public required CheckKind Check { get; init; }

    /// <summary>What was looked at: documents, transactions, accounts, lines.</summary>
    public required long Examined { get; init; }

    public required long Offenders { get; init; }

    /// <summary>The first hundred.</summary>
    public required IReadOnlyList<Offender> Found { get; init; }
}

/// <summary>Something that is not as it must be.</summary>
public sealed record Offender
{
    /// <summary>Its number or id.</summary>
    public required string Subject { get; init; }

    /// <summary>What is wrong with it.</summary>
    public required string Detail { get; init; }
}
