using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>Calculates allocation runs.</summary>
public static class Allocation
{
    /// <summary>Changes whenever the same inputs could give another run.</summary>
    public const string EngineVersion = "1";

    /// <summary>
    /// Distributes every pool to the departments. The exact sum over all pools is rounded to the minor unit; each pool
    /// is cut off towards −∞ and the missing units go to the largest fractions; in the same way each pool's amount goes
    /// over its shared part and its direct assignments; the shared part is split by the shares of the method (largest
    /// remainder, ties to the lowest department code, a negative amount mirrors the positive), or charged by rate card.
    /// </summary>
    /// <returns>
    /// The run, or one refusal for the whole of it that names every pool with the same fault:
    /// <c>amount-out-of-range</c>, <c>pool-repeated</c>, <c>unknown-department</c>, <c>unknown-consumer</c>,
    /// <c>driver-repeated</c>, <c>negative-quantity</c>, <c>quantity-out-of-range</c>, <c>capacity-not-positive</c>,
    /// <c>rate-card-unsound</c>, <c>shares-not-100</c>, <c>driver-missing</c>, <c>driver-zero</c>,
    /// <c>no-final-consumer</c>, <c>pools-too-many</c>, <c>capacity-diverges</c>.
    /// </returns>
    public static Outcome<AllocationRun> Calculate(AllocationInput input)
    {
        var departments = input.AllDepartments();
        return InputRules.Check(input, departments) is { } broken
            ? broken
            : PoolCost.Of(input.Pools).Then(costs => CostFlow.Of(input, costs).Then(flow =>
                SharesOf(flow).Then<AllocationRun>(shares => Post(input, departments, costs, flow, shares))));
    }

    private static Outcome<EndShares[]> SharesOf(CostFlow flow)
    {
        var matrix = new Lazy<FlowMatrix>(() => new FlowMatrix(flow));
        var shares = new EndShares[flow.Nodes.Count];
        for (var node = 0; node < shares.Length; node++)
        {
            var outcome = EndShares.Of(flow, node, matrix);
            if (outcome.IsRefused)
            {
                return outcome.Refusal;
            }

            shares[node] = outcome.Value;
        }

        return shares;
    }

    private static AllocationRun Post(
        AllocationInput input, SortedSet<string> departments, PoolCost[] costs, CostFlow flow, EndShares[] shares)
    {
        var amounts = MoneySplit.RoundTogether(Array.ConvertAll(costs, cost => cost.Total), input.Currency);
        // Pools know nothing of each other here, and deciding their ties exactly is most of the work.
        var postings = costs.AsParallel().AsOrdered()
            .Select((cost, i) => PostingOf(cost, flow, shares, input.Currency).Post(amounts[i]))
            .ToArray();
        var pools = Array.ConvertAll(postings, posting => posting.Pool);
        var lines = postings.SelectMany(posting => posting.Lines).ToList();
        return new AllocationRun
        {
            Period = input.Period,
            Currency = input.Currency,
            Method = input.Method,
            Pools = pools,
            Lines = lines,
            Flows = [.. flow.Nodes.SelectMany(node => node.Consumption.Flows())],
            Departments = TotalsOf(departments, lines),
            External = ExternalCosts.Of(input, pools, lines),
            Warnings = WarningsOf(costs),
            Certificate = Certificate.Of(input, pools, lines),
        };
    }

    private static PoolPosting PostingOf(PoolCost cost, CostFlow flow, EndShares[] shares, Currency currency) =>
        flow.IndexOf(cost.Pool.Code) is { } node
            ? new PoolPosting(cost, flow.Nodes[node].Consumption, shares[node], currency)
            : new PoolPosting(cost, consumption: null, shares: null, currency);

    private static List<DepartmentTotal> TotalsOf(SortedSet<string> departments, List<AllocationLine> lines)
    {
        var totals = lines
            .GroupBy(line => line.Department, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum(line => line.Amount), StringComparer.Ordinal);
        return
        [
            .. departments.Select(department =>
                new DepartmentTotal(department, totals.GetValueOrDefault(department))),
        ];
    }

    private static List<AllocationWarning> WarningsOf(IEnumerable<PoolCost> costs) =>
    [
        .. costs.Select(cost => cost.Pool)
            .Where(pool => pool.Drivers.Any(driver =>
                driver.Quantity > 0 && driver.Consumer == Consumer.Pool(pool.Code)))
            .Select(pool => new AllocationWarning(
                "self-consumption-ignored", pool.Code, $"What {pool.Code} uses of itself drives nothing.")),
    ];
}
