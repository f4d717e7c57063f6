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
    /// Cost that no usage can carry to a customer: used of support pools directly, of services without external usage,
    /// and what is borne as an owner. Support that reached external customers through services is in their cost.
    /// </summary>
    public required decimal OverheadResidual { get; init; }

    internal static ExternalCosts Of(
        AllocationInput input, IReadOnlyList<PoolResult> pools, IEnumerable<AllocationLine> lines)
    {
        var external = lines.Where(line => line.Department == DepartmentCodes.ExternalBusiness).ToList();
        var customers = external
            .Where(line => line.Customer is not null)
            .GroupBy(line => line.Customer!, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new ExternalCustomerCost(group.Key, group.Sum(line => line.Amount)))
            .ToList();
        var services = ServicesOf(input, pools, external);
        var total = external.Sum(line => line.Amount);
        return new ExternalCosts
        {
            Total = total,
            Services = services,
            Customers = customers,
            OverheadResidual = total - services.Sum(service => service.Cost) - customers.Sum(customer => customer.Cost),
        };
    }

    private static List<ExternalServiceCost> ServicesOf(
        AllocationInput input, IReadOnlyList<PoolResult> pools, List<AllocationLine> external)
    {
        var costs = external
            .SelectMany(line => line.ByService)
            .ToLookup(part => part.Service, part => part.Amount, StringComparer.Ordinal);
        var unused = pools.ToLookup(pool => pool.Service, pool => pool.Capacity?.Unused ?? 0, StringComparer.Ordinal);
        return
        [
            .. pools.Select(pool => pool.Service)
                .OfType<string>()
                .Union(input.ExternalUsage.Keys, StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Select(service => ExternalServiceCost.Of(
                    service,
                    costs[service].Sum(),
                    ExactAmount.Canonical(input.ExternalUsage.GetValueOrDefault(service)),
                    unused[service].Sum())),
        ];
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
    internal static ExternalServiceCost Of(string service, decimal cost, decimal quantity, decimal unusedCapacity) =>
        quantity == 0
            ? new ExternalServiceCost(service, 0, 0, null, unusedCapacity)
            : new ExternalServiceCost(
                service, cost, quantity, ExactAmount.Quotient(cost, quantity), unusedCapacity);
}

/// <summary>What was assigned to one external customer directly, over all pools, in whole minor units.</summary>
public sealed record ExternalCustomerCost(string Customer, decimal Cost);
