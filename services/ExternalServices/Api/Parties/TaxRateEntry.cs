using ExternalServices.Domain.Tax;

namespace ExternalServices.Api.Parties;

/// <summary>A rate of a country with the days for which it is in force.</summary>
public sealed record TaxRateEntry
{
    public required Guid Id { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public required string Country { get; init; }

    public required TaxCategory Category { get; init; }

    /// <summary>What is taxed at it.</summary>
    public required TaxClass Class { get; init; }

    /// <summary>In percent.</summary>
    public required decimal Rate { get; init; }

    /// <summary>First day in force.</summary>
    public required DateOnly From { get; init; }

    /// <summary>First day no longer in force; null while it is.</summary>
    public required DateOnly? To { get; init; }

    /// <summary>Why it is exempt, as it is printed on invoices; null for what is not.</summary>
    public required string? Reason { get; init; }

    /// <summary>Code of the VATEX list; null without one.</summary>
    public required string? ReasonCode { get; init; }
}
