namespace ExternalServices.Domain.Contracts;

/// <summary>What a contract agrees for usage that comes, or is corrected, when its period is billed.</summary>
public enum LateUsagePolicy
{
    /// <summary>The period is rated again and the difference is a line of the next invoice.</summary>
    AdjustNext,

    /// <summary>What it adds is billed by an invoice of its own; what it takes off is a line of the next one.</summary>
    DebitNote,

    /// <summary>It is kept and never billed.</summary>
    RecordOnly,

    /// <summary>It is not taken.</summary>
    Refuse,
}
