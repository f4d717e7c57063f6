namespace ExternalServices.Api.Parties;

/// <summary>Where a party is reached by post, without the country.</summary>
public sealed record Address
{
    /// <summary>Street and number, or what stands for them.</summary>
    public required string Street { get; init; }

    public required string City { get; init; }

    public required string PostalCode { get; init; }
}
