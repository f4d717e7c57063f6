using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Profitability;

/// <summary>Revenue, cost to serve and margin of every customer in one cost month.</summary>
public sealed record MonthProfitability
{
    /// <summary>By customer code, ordinal.</summary>
    public required IReadOnlyList<CustomerProfitability> Customers { get; init; }

    /// <summary>Services that cost something though no customer used them: their cost is in the residual.</summary>
    public required IReadOnlyList<ExternalServiceCost> UnusedServices { get; init; }

    /// <summary>Overhead residual of the run + cost of unused services.</summary>
    public required decimal Residual { get; init; }

    /// <summary>The key that split the residual: the declared one, or evenly where that gave no weights.</summary>
    public required ResidualKey ResidualKey { get; init; }

    public required decimal Revenue { get; init; }

    /// <summary>Σ customers' cost.</summary>
    public required decimal Cost { get; init; }

    /// <summary>What the allocation run gave to the external side.</summary>
    public required decimal ExternalShare { get; init; }

    /// <summary>Cost − external share: 0.00, or the two sides do not agree.</summary>
    public decimal Difference => Cost - ExternalShare;

    /// <summary>
    /// Splits every service's cost by the customers' quantities, adds direct costs as assigned, and splits the residual
    /// by its key: each by largest remainder, ties to the lowest customer code, so that the customers' costs sum to the
    /// external share.
    /// </summary>
    /// <returns>
    /// The figures, <c>no-customers</c> when there is a cost and nobody to carry it, <c>customer-duplicate</c>,
    /// <c>service-duplicate</c>, <c>negative-weight</c> for a negative quantity, <c>amount-precision</c> for a cost
    /// that is finer than a minor unit.
    /// </returns>
    public static Outcome<MonthProfitability> Of(ExternalCosts costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        return CostSplit.Of(costs).Then<MonthProfitability>(split =>
        {
            var customers = split.Customers;
            return new MonthProfitability
            {
                Customers = customers,
                UnusedServices = split.UnusedServices,
                Residual = split.Residual,
                ResidualKey = split.ResidualKey,
                Revenue = customers.Sum(customer => customer.Revenue),
                Cost = customers.Sum(customer => customer.Cost),
                ExternalShare = costs.ExternalShare,
            };
        });
    }
}

/// <summary>What one customer brought in and cost in one cost month.</summary>
public sealed record CustomerProfitability
{
    private const int PercentDecimals = 2;

    public required string Customer { get; init; }

    /// <summary>Recognised revenue.</summary>
    public required decimal Revenue { get; init; }

    /// <summary>By service code, ordinal; services used in the month.</summary>
    public required IReadOnlyList<CustomerServiceCost> Services { get; init; }

    public required decimal DirectCost { get; init; }

    /// <summary>Share of the overhead residual.</summary>
    public required decimal Residual { get; init; }

    /// <summary>Σ known cost of services.</summary>
    public decimal ServiceCost => Services.Sum(service => service.Cost ?? 0);

    /// <summary>Services + direct + residual, as far as known.</summary>
    public decimal Cost => ServiceCost + DirectCost + Residual;

    /// <summary>Services used whose cost the allocation run does not tell.</summary>
    public IReadOnlyList<string> Uncosted =>
        [.. Services.Where(service => service.Cost is null).Select(service => service.Service)];

    /// <summary>Revenue − cost; null while the cost of a used service is unknown.</summary>
    public decimal? Margin => Services.Any(service => service.Cost is null) ? null : Revenue - Cost;

    /// <summary>Margin ÷ revenue × 100 at two decimals; null when revenue is 0 or the margin unknown.</summary>
    public decimal? MarginPercent =>
        Margin is { } margin && Revenue != 0
            ? (Rational.From(margin) * new Rational(100, 1) / Rational.From(Revenue)).Round(PercentDecimals)
            : null;
}

/// <summary>What one service cost for one customer.</summary>
/// <param name="Service">The service's code.</param>
/// <param name="Quantity">The customer's usage in the month.</param>
/// <param name="Cost">Null: uncosted, which is not 0.</param>
public sealed record CustomerServiceCost(string Service, decimal Quantity, decimal? Cost);
