using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>
/// The cost of serving external customers. Σ services + Σ direct + overhead residual = <see cref="Total"/>, exactly.
/// </summary>
public sealed record ExternalCosts
{
    /// <summary>
    /// Everything that <see cref="DepartmentCodes.ExternalBusiness"/> bears: the run's external share.
    /// </summary>
    public required decimal Total { get; init; }

    /// <summary>Every service with a pool or with finalized external usage, by code.</summary>
    public required IReadOnlyList<ExternalServiceCost> Services { get; init; }

    /// <summary>Costs assigned to one customer, by code.</summary>
    public required IReadOnlyList<ExternalCustomerCost> Customers { get; init; }

    /// <summary>
    /// Cost that no usage can carry to a customer: from support pools, and from services without external usage.
    /// </summary>
    public required decimal OverheadResidual { get; init; }

    internal static ExternalCosts Of(
        AllocationInput input, IEnumerable<CostPool> pools, IEnumerable<AllocationLine> lines)
    {
        var serviceOfPool = pools.ToDictionary(pool => pool.Code, pool => pool.Service, StringComparer.Ordinal);
        var external = lines.Where(line => line.Department == DepartmentCodes.ExternalBusiness).ToList();
        var customers = external
            .Where(line => line.Customer is not null)
            .GroupBy(line => line.Customer!, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new ExternalCustomerCost(group.Key, group.Sum(line => line.Amount)))
            .ToList();
        var costOfService = external
            .Where(line => line.Customer is null && serviceOfPool[line.Pool] is not null)
            .GroupBy(line => serviceOfPool[line.Pool]!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum(line => line.Amount), StringComparer.Ordinal);
        var services = serviceOfPool.Values
            .OfType<string>()
            .Union(input.ExternalUsage.Keys, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(service => ExternalServiceCost.Of(
                service,
                costOfService.GetValueOrDefault(service),
                ExactAmount.Canonical(input.ExternalUsage.GetValueOrDefault(service))))
            .ToList();
        var total = external.Sum(line => line.Amount);
        return new ExternalCosts
        {
            Total = total,
            Services = services,
            Customers = customers,
            OverheadResidual = total - services.Sum(service => service.Cost) - customers.Sum(customer => customer.Cost),
        };
    }
}

/// <summary>What one service cost for all external customers together.</summary>
/// <param name="Service">Its code.</param>
/// <param name="Cost">In whole minor units; 0 where there is no usage that could carry it to a customer.</param>
/// <param name="Quantity">External usage in the service's unit.</param>
/// <param name="UnitCost">Cost ÷ quantity at twelve decimals, for display; null without usage and from 10^12.</param>
/// <param name="UnusedCapacity">Capacity paid for and not used, in the service's unit.</param>
public sealed record ExternalServiceCost(
    string Service, decimal Cost, decimal Quantity, decimal? UnitCost, decimal UnusedCapacity)
{
    private const int UnitCostDecimals = 12;

    private static readonly Rational UnitCostLimit = Rational.From(1_000_000_000_000m);

    internal static ExternalServiceCost Of(string service, decimal cost, decimal quantity) =>
        quantity == 0
            ? new ExternalServiceCost(service, 0, 0, null, 0)
            : new ExternalServiceCost(service, cost, quantity, UnitCostOf(cost, quantity), 0);

    private static decimal? UnitCostOf(decimal cost, decimal quantity)
    {
        var exact = Rational.From(cost) / Rational.From(quantity);
        return exact < UnitCostLimit && exact > -UnitCostLimit
            ? exact.Round(UnitCostDecimals)
            : null;
    }
}

/// <summary>What was assigned to one external customer directly, over all pools, in whole minor units.</summary>
public sealed record ExternalCustomerCost(string Customer, decimal Cost);
