namespace ExternalServices.Api.Parties;

/// <summary>A customer's exemption from the tax of its own country, with the days on which it holds.</summary>
public sealed record TaxExemptionEntry
{
    public required Guid Id { get; init; }

    public required string Customer { get; init; }

    /// <summary>As it stands on invoices.</summary>
    public required string Reason { get; init; }

    /// <summary>Code of the VATEX list; null where it has none.</summary>
    public required string? ReasonCode { get; init; }

    /// <summary>First day on which it holds.</summary>
    public required DateOnly From { get; init; }

    /// <summary>First day on which it no longer holds; null while it does.</summary>
    public required DateOnly? To { get; init; }
}
