using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>Which part of one pool's shared cost comes to rest at which end.</summary>
internal abstract class EndShares
{
    /// <summary>Per posted end, the positions of the ends that are posted as one.</summary>
    private readonly int[][] _posted;

    private readonly IReadOnlyList<CostEnd> _ends;

    /// <param name="ends">Where some of the cost ends, or somebody is named; in <see cref="CostEnd.TieOrder"/>.</param>
    protected EndShares(IReadOnlyList<CostEnd> ends)
    {
        _ends = ends;
        _posted =
        [
            .. Enumerable.Range(0, ends.Count)
                .GroupBy(position => ends[position].Posted)
                .Select(group => group.ToArray()),
        ];
        Ends = Array.ConvertAll(_posted, positions => ends[positions[0]].Posted);
    }

    /// <summary>Where some of the cost ends, or somebody is named; in the order in which ties are decided.</summary>
    public IReadOnlyList<CostEnd> Ends { get; }

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

    /// <summary>
    /// Splits an amount in whole minor units: largest remainder by the exact shares, ties to the first end.
    /// </summary>
    public SplitPart[] Split(decimal amount, Currency currency) => Split(amount, amount, _posted, currency);

    /// <summary>The parts of an exact amount, at fifteen decimals; in the last of them they may be one off.</summary>
    public decimal[] PartsOf(decimal amount) => PartsOf(amount, _posted);

    /// <summary>Through the use of which services an end got its part of an amount that was split.</summary>
    /// <param name="end">Position in <see cref="Ends"/>.</param>
    /// <param name="part">What <see cref="Split(decimal, Currency)"/> gave it.</param>
    /// <param name="amount">What was split.</param>
    /// <param name="currency">Gives the minor unit.</param>
    public IReadOnlyList<ServiceAmount> ByService(int end, SplitPart part, decimal amount, Currency currency)
    {
        var positions = _posted[end];
        var parts = positions.Length == 1
            ? [part]
            : Split(amount, part.Amount, Array.ConvertAll(positions, position => new[] { position }), currency);
        return [.. positions.Zip(parts, (position, of) => new ServiceAmount(_ends[position].Service, of.Amount))];
    }

    /// <summary>Splits an amount over columns: cut off, and what is missing to a sum by largest remainder.</summary>
    /// <param name="amount">In whole minor units; its exact parts are rounded.</param>
    /// <param name="sum">What the columns got together: all of the amount, or rounded before.</param>
    /// <param name="columns">Positions of ends that are added up before rounding.</param>
    /// <param name="currency">Gives the minor unit.</param>
    public abstract SplitPart[] Split(decimal amount, decimal sum, int[][] columns, Currency currency);

    /// <summary>The parts of an exact amount per column.</summary>
    public abstract decimal[] PartsOf(decimal amount, int[][] columns);
}
