using System.Numerics;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>
/// The graph in the forms that distributing works on: weights in machine words, and a floating-point guess at how much
/// passes through each pool. Guesses only save steps; nothing that is booked depends on them.
/// </summary>
internal sealed class FlowMatrix
{
    /// <summary>A pool distributes amounts that a double holds exactly.</summary>
    private const int GuessBits = 52;

    private readonly CostFlow _flow;

    /// <summary>Per pool and target, the weight's words from the lowest.</summary>
    private readonly ulong[][][] _words;

    private readonly double[] _totals;

    /// <summary>Row q, column p: how much passes through q when one is put into p.</summary>
    private readonly double[][] _passing;

    public FlowMatrix(CostFlow flow)
    {
        _flow = flow;
        _words = [.. flow.Nodes.Select(WordsOf)];
        _totals = [.. flow.Nodes.Select(node => (double)node.Total)];
        _passing = PassingThrough(flow);
        EndClasses = ClassesOf(flow);
        Words = _words.Select(words => words.Length).DefaultIfEmpty(0).Max();
    }

    /// <summary>Ends of the same class consume the same of every pool, so their shares are equal.</summary>
    public int[] EndClasses { get; }

    /// <summary>Words of the widest weights.</summary>
    public int Words { get; }

    /// <summary>
    /// How many times its total each pool should distribute of what has not come to rest, as whole numbers of 2^-bits.
    /// </summary>
    public (long[] Times, int Bits) Guess(BigInteger[] undistributed, int[] reached)
    {
        var held = Array.ConvertAll(undistributed, amount => (double)amount);
        var times = Array.ConvertAll(reached, pool => Dot(_passing[pool], held) / _totals[pool]);
        var largest = times.Max(Math.Abs);
        if (!double.IsFinite(largest) || largest == 0)
        {
            return ([], 0);
        }

        var bits = GuessBits - Math.ILogB(largest);
        return (Array.ConvertAll(times, time => (long)Math.ScaleB(time, bits)), bits);
    }

    /// <summary>Adds what the pool gives its targets when it distributes so many times its total.</summary>
    public void Spread(int pool, long times, WideSums given)
    {
        for (var word = 0; word < _words[pool].Length; word++)
        {
            given.Add(word, _flow.Nodes[pool].Targets, _words[pool][word], times);
        }
    }

    private static ulong[][] WordsOf(FlowNode node)
    {
        var bits = node.IsBeyondCapacity ? 0 : node.Weights.Max(weight => weight.GetBitLength());
        var words = (int)(bits + WideSums.WordBits - 1) / WideSums.WordBits;
        return
        [
            .. Enumerable.Range(0, words).Select(word =>
                Array.ConvertAll(node.Weights, weight => WideSums.WordOf(weight, word))),
        ];
    }

    /// <summary>
    /// The inverse of I − Pᵀ, where P is the share that each pool passes on to each pool, by Gauss–Jordan. Columns of
    /// I − Pᵀ are diagonally dominant, so no pivoting is needed.
    /// </summary>
    private static double[][] PassingThrough(CostFlow flow)
    {
        var size = flow.Nodes.Count;
        var left = LeftSide(flow);
        var right = Enumerable.Range(0, size).Select(i => UnitRow(size, i)).ToArray();
        for (var pivot = 0; pivot < size; pivot++)
        {
            var scale = 1 / left[pivot][pivot];
            Scale(left[pivot], scale);
            Scale(right[pivot], scale);
            for (var row = 0; row < size; row++)
            {
                var factor = left[row][pivot];
                if (row != pivot && factor != 0)
                {
                    Subtract(left[row], left[pivot], factor);
                    Subtract(right[row], right[pivot], factor);
                }
            }
        }

        return right;
    }

    private static double[][] LeftSide(CostFlow flow)
    {
        var size = flow.Nodes.Count;
        var rows = Enumerable.Range(0, size).Select(i => UnitRow(size, i)).ToArray();
        for (var pool = 0; pool < size; pool++)
        {
            var node = flow.Nodes[pool];
            for (var i = 0; i < node.Targets.Length; i++)
            {
                if (node.Targets[i] < size && !node.IsBeyondCapacity)
                {
                    rows[node.Targets[i]][pool] -= (double)node.Weights[i] / (double)node.Total;
                }
            }
        }

        return rows;
    }

    private static double[] UnitRow(int size, int one)
    {
        var row = new double[size];
        row[one] = 1;
        return row;
    }

    private static double Dot(double[] left, double[] right)
    {
        var at = 0;
        var sums = Vector<double>.Zero;
        for (; at <= left.Length - Vector<double>.Count; at += Vector<double>.Count)
        {
            sums += new Vector<double>(left, at) * new Vector<double>(right, at);
        }

        var sum = Vector.Sum(sums);
        for (; at < left.Length; at++)
        {
            sum += left[at] * right[at];
        }

        return sum;
    }

    private static void Scale(Span<double> row, double factor)
    {
        foreach (ref var value in row)
        {
            value *= factor;
        }
    }

    private static void Subtract(double[] row, double[] other, double factor)
    {
        var at = 0;
        var factors = new Vector<double>(factor);
        for (; at <= row.Length - Vector<double>.Count; at += Vector<double>.Count)
        {
            (new Vector<double>(row, at) - factors * new Vector<double>(other, at)).CopyTo(row, at);
        }

        for (; at < row.Length; at++)
        {
            row[at] -= factor * other[at];
        }
    }

    /// <summary>Splits one class of all ends by each pool's weights in turn.</summary>
    private static int[] ClassesOf(CostFlow flow)
    {
        var classes = new int[flow.Ends.Count];
        foreach (var node in flow.Nodes)
        {
            var weights = new BigInteger[classes.Length];
            for (var i = 0; i < node.Targets.Length; i++)
            {
                if (node.Targets[i] >= flow.Nodes.Count)
                {
                    weights[node.Targets[i] - flow.Nodes.Count] = node.Weights[i];
                }
            }

            var found = new Dictionary<(int, BigInteger), int>();
            for (var end = 0; end < classes.Length; end++)
            {
                found.TryAdd((classes[end], weights[end]), found.Count);
                classes[end] = found[(classes[end], weights[end])];
            }
        }

        return classes;
    }
}
