namespace ExternalServices.Api.Parties;

/// <summary>The gapless numbers of one document type of a legal entity in one year.</summary>
public sealed record NumberSeries
{
    public required DocumentType DocumentType { get; init; }

    /// <summary>Of the date of issue.</summary>
    public required int Year { get; init; }

    /// <summary>What every number begins with.</summary>
    public required string Prefix { get; init; }

    /// <summary>The number that the next document gets.</summary>
    public required long NextNumber { get; init; }

    /// <summary>No document of the series is issued before this day; null while there is none.</summary>
    public required DateOnly? LastIssueDate { get; init; }
}

/// <summary>Documents with numbers of their own.</summary>
public enum DocumentType
{
    Invoice,
    CreditNote,
}
