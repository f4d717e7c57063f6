using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Profitability;

/// <summary>The external side of one posted allocation run and what the customers did in its month.</summary>
public sealed record ExternalCosts
{
    /// <summary>Currency of the cost books; revenue is given in it too.</summary>
    public required Currency Currency { get; init; }

    /// <summary>What each service cost for all customers together.</summary>
    public required IReadOnlyList<ExternalServiceCost> Services { get; init; }

    /// <summary>Costs that the import assigned to one customer.</summary>
    public required IReadOnlyList<DirectCost> DirectCosts { get; init; }

    /// <summary>External share of support pools that no service's usage can be given for.</summary>
    public required decimal OverheadResidual { get; init; }

    public required IReadOnlyList<CustomerActivity> Customers { get; init; }

    public ResidualKey ResidualKey { get; init; } = ResidualKey.Revenue;

    /// <summary>Σ services' cost + Σ direct costs + overhead residual: what the customers' costs must sum to.</summary>
    public decimal ExternalShare =>
        Services.Sum(service => service.Cost) + DirectCosts.Sum(direct => direct.Cost) + OverheadResidual;
}

/// <summary>What one service cost for all customers together, in whole minor units.</summary>
public sealed record ExternalServiceCost(string Service, decimal Cost);

/// <summary>A cost of one customer alone, in whole minor units.</summary>
public sealed record DirectCost(string Customer, decimal Cost);

/// <summary>What a customer used and brought in, in one cost month.</summary>
/// <param name="Customer">The customer's code.</param>
/// <param name="Revenue">Recognised revenue of the month.</param>
/// <param name="Quantities">Finalized usage per service code, not negative.</param>
public sealed record CustomerActivity(
    string Customer, decimal Revenue, IReadOnlyDictionary<string, decimal> Quantities);

/// <summary>By what the overhead residual is split over the customers.</summary>
public enum ResidualKey
{
    /// <summary>
    /// By revenue; a customer whose revenue is negative carries none. Evenly when nobody has revenue.
    /// </summary>
    Revenue,

    /// <summary>By the cost of the services used. Evenly when there is none.</summary>
    ServiceCost,

    /// <summary>Evenly over all customers.</summary>
    Even,
}
