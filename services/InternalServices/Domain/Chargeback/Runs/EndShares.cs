using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>Which part of one pool's shared cost comes to rest at which end.</summary>
internal abstract class EndShares
{
    /// <summary>Where some of the cost ends, or somebody is named; in the order in which ties are decided.</summary>
    public abstract IReadOnlyList<CostEnd> Ends { get; }

    /// <summary>
    /// Splits an amount in whole minor units: largest remainder by the exact shares, ties to the first end.
    /// </summary>
    public abstract SplitPart[] Split(decimal amount, Currency currency);

    /// <summary>The parts of an exact amount, at fifteen decimals; in the last of them they may be one off.</summary>
    public abstract decimal[] PartsOf(decimal amount);

    /// <summary>
    /// The shares of one pool. Refuses <c>capacity-diverges</c> where pools beyond their capacity charge each other
    /// more than they cost.
    /// </summary>
    public static Outcome<EndShares> Of(CostFlow flow, int node, Lazy<FlowMatrix> matrix)
    {
        var reached = flow.ReachedFrom(node);
        if (reached.Length == 1)
        {
            return ExactEndShares.Of(flow, flow.Nodes[node]);
        }

        return reached.Any(pool => flow.Nodes[pool].IsBeyondCapacity)
            ? ExactEndShares.ByElimination(flow, node, reached)
            : new ApproachedEndShares(flow, node, reached, matrix.Value);
    }
}
