using ServiceMesh.Primitives;

namespace ExternalServices.Api.Parties;

/// <summary>What one unit of a currency is worth in the provider's, from a day on.</summary>
public sealed record ExchangeRate
{
    public required Currency Currency { get; init; }

    /// <summary>It holds until the next day that is recorded.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Units of the provider's currency for one unit.</summary>
    public required decimal Rate { get; init; }
}
