using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Costs;

/// <summary>What one unit of a currency is worth in that of the books, from a day on.</summary>
public sealed record ExchangeRate
{
    public required Currency Currency { get; init; }

    /// <summary>It holds until the next day that is recorded.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Units of the books' currency for one unit.</summary>
    public required decimal Rate { get; init; }
}
