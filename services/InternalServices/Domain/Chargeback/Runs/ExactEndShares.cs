using System.Numerics;
using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>Shares that are known as whole weights.</summary>
internal sealed class ExactEndShares(IReadOnlyList<CostEnd> ends, BigInteger[] weights) : EndShares(ends)
{
    private readonly BigInteger _total = weights.Aggregate(BigInteger.Zero, (sum, weight) => sum + weight);

    /// <summary>Of a pool that only departments consume: its weights are the shares.</summary>
    public static ExactEndShares Of(CostFlow flow, FlowNode node)
    {
        var order = Enumerable.Range(0, node.Targets.Length).OrderBy(i => node.Targets[i]).ToArray();
        return new ExactEndShares(
            Array.ConvertAll(order, i => flow.Ends[node.Targets[i] - flow.Nodes.Count]),
            Array.ConvertAll(order, i => node.Weights[i]));
    }

    /// <summary>
    /// By eliminating one pool after another in rational arithmetic: what a pool passes on to itself is closed as a
    /// geometric series, then its row replaces it wherever it consumes. Exact and slow; the last resort.
    /// </summary>
    public static Outcome<EndShares> ByElimination(CostFlow flow, int node, int[] reached)
    {
        var rows = reached.ToDictionary(pool => pool, pool => RowOf(flow.Nodes[pool]));
        foreach (var pool in reached.Where(pool => pool != node).Append(node))
        {
            if (!TryCloseLoop(rows[pool], pool))
            {
                return PoolRefusal.Of(
                    "capacity-diverges",
                    "Pools beyond their capacity charge each other more than they cost.",
                    [flow.Nodes[pool].Consumption.Pool.Code]);
            }

            foreach (var row in rows.Values)
            {
                if (row.Remove(pool, out var share))
                {
                    Add(row, rows[pool], share);
                }
            }
        }

        return Of(flow, flow.EndsReached(node, reached), rows[node]);
    }

    public override SplitPart[] Split(decimal amount, decimal sum, int[][] columns, Currency currency)
    {
        var (parts, spare) = LargestRemainder.SplitTowards(
            MoneySplit.Units(decimal.Abs(sum), currency),
            MoneySplit.Units(decimal.Abs(amount), currency),
            Array.ConvertAll(columns, WeightOf),
            _total);
        return SplitPart.Of(parts, spare, amount, currency);
    }

    public override decimal[] PartsOf(decimal amount, int[][] columns)
    {
        var units = ExactAmount.Units(amount);
        return Array.ConvertAll(columns, column => ExactAmount.FromUnits(units * WeightOf(column), _total));
    }

    private BigInteger WeightOf(int[] column) =>
        column.Length == 1
            ? weights[column[0]]
            : column.Aggregate(BigInteger.Zero, (sum, position) => sum + weights[position]);

    private static Dictionary<int, Rational> RowOf(FlowNode node) =>
        node.Targets.Select((target, i) => (target, new Rational(node.Weights[i], node.Total))).ToDictionary();

    /// <summary>x = a·x + rest becomes x = rest ÷ (1 − a), which exists only for a below 1.</summary>
    private static bool TryCloseLoop(Dictionary<int, Rational> row, int pool)
    {
        if (!row.Remove(pool, out var loop))
        {
            return true;
        }

        var kept = Rational.One - loop;
        foreach (var target in row.Keys)
        {
            row[target] = kept.Sign > 0 ? row[target] / kept : row[target];
        }

        return kept.Sign > 0;
    }

    private static void Add(Dictionary<int, Rational> row, Dictionary<int, Rational> passedOn, Rational share)
    {
        foreach (var (target, part) in passedOn)
        {
            row[target] = row.GetValueOrDefault(target) + share * part;
        }
    }

    private static ExactEndShares Of(CostFlow flow, int[] ends, Dictionary<int, Rational> row)
    {
        var shares = Array.ConvertAll(ends, end => row.GetValueOrDefault(flow.Nodes.Count + end));
        var denominator = shares.Aggregate(BigInteger.One, (common, share) =>
            common / BigInteger.GreatestCommonDivisor(common, share.Denominator) * share.Denominator);
        return new ExactEndShares(
            Array.ConvertAll(ends, end => flow.Ends[end]),
            Array.ConvertAll(shares, share => share.Numerator * (denominator / share.Denominator)));
    }
}
