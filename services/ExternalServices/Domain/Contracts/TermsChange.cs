namespace ExternalServices.Domain.Contracts;

/// <summary>
/// What a contract charges from a day on. Of the changes whose day has come, the one that was signed last holds: what
/// is signed later replaces, from its own day on, everything that was signed before.
/// </summary>
public sealed record TermsChange
{
    /// <summary>The order of signing; 0 for the end that was agreed with the contract.</summary>
    public required int Number { get; init; }

    /// <summary>The first day of the new charges.</summary>
    public required DateOnly On { get; init; }

    /// <summary>
    /// Whether it falls into days that fees in advance are billed for as a whole: then the rest of the old fee is
    /// credited and the rest of the new one charged. Otherwise a fee is billed from this day on by itself.
    /// </summary>
    public bool Adjusts { get; init; }

    /// <summary>None when the contract ends.</summary>
    public IReadOnlyList<ContractCharge> Charges { get; init; } = [];

    public IReadOnlyList<MinimumCommitment> Commitments { get; init; } = [];
}
