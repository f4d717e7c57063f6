using System.Numerics;
using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>
/// Shares through other pools, approached by distributing a unit of cost again and again in whole numbers, with as many
/// bits as a decision needs.
/// </summary>
/// <remarks>
/// One is put into the pool as 2^bits. In each step every pool passes a whole number of times its weights on. Whatever
/// those numbers are, the books stay exact: what has come to rest at the ends and what still lies in pools sum to
/// 2^bits. What still lies in pools ends somewhere, so an end's share is at most what has come to rest there plus all
/// that lies in pools, and at least that less all that is overdrawn in pools. A good guess in floating point leaves
/// little lying; a bad one only takes more steps.
/// <para>
/// Shares of one pool are fractions with one common denominator, the determinant of D − W over the pools passed
/// through, which is at most the product of their totals (Hadamard's inequality for M-matrices). So two values that are
/// closer than one part in that product are equal, and ties are decided as rational arithmetic would decide them.
/// </para>
/// </remarks>
internal sealed class ApproachedEndShares : EndShares
{
    private const int SlowestBitsPerStep = 4;
    private const int SpareBits = 2;

    private readonly CostFlow _flow;
    private readonly FlowMatrix _matrix;
    private readonly int _node;
    private readonly int[] _reached;
    private readonly int[] _ends;
    private readonly BigInteger[] _atRest;
    private readonly BigInteger[] _undistributed;

    /// <summary>Bits of the largest denominator that shares of this pool can have.</summary>
    private readonly long _denominatorBits;

    private int _bits;
    private BigInteger _lying = 1;
    private BigInteger _overdrawn = 0;

    /// <summary>Takes over when the guesses are of no use.</summary>
    private EndShares? _exact;

    public ApproachedEndShares(CostFlow flow, int node, int[] reached, FlowMatrix matrix)
        : this(flow, node, reached, flow.EndsReached(node, reached), matrix)
    {
    }

    private ApproachedEndShares(CostFlow flow, int node, int[] reached, int[] ends, FlowMatrix matrix)
        : base(Array.ConvertAll(ends, end => flow.Ends[end]))
    {
        _flow = flow;
        _matrix = matrix;
        _node = node;
        _reached = reached;
        _ends = ends;
        _atRest = new BigInteger[flow.Ends.Count];
        _undistributed = new BigInteger[flow.Nodes.Count];
        _undistributed[node] = 1;
        _denominatorBits = reached.Sum(pool => flow.Nodes[pool].Total.GetBitLength());
    }

    private BigInteger Uncertain => _lying + _overdrawn;

    public override SplitPart[] Split(decimal amount, decimal sum, int[][] columns, Currency currency)
    {
        var units = MoneySplit.Units(decimal.Abs(amount), currency);
        var unitsOfSum = MoneySplit.Units(decimal.Abs(sum), currency);
        while (_exact is null)
        {
            var isProven = (units * Uncertain).GetBitLength() + 1 + _denominatorBits <= _bits;
            if (TrySplit(units, unitsOfSum, columns, isProven) is var (parts, spare))
            {
                return SplitPart.Of(parts, spare, amount, currency);
            }

            Step();
        }

        return _exact.Split(amount, sum, columns, currency);
    }

    public override decimal[] PartsOf(decimal amount, int[][] columns)
    {
        var units = ExactAmount.Units(amount);
        while (_exact is null && (units * Uncertain).GetBitLength() + SpareBits > _bits)
        {
            Step();
        }

        var one = BigInteger.One << _bits;
        return _exact is not null
            ? _exact.PartsOf(amount, columns)
            : Array.ConvertAll(columns, column => ExactAmount.FromUnits(units * AtRest(column), one));
    }

    /// <summary>Passes everything that lies in pools on, as the guess says, and books it.</summary>
    private void Step()
    {
        var (times, bits) = _matrix.Guess(_undistributed, _reached);
        var certainBits = _bits - Uncertain.GetBitLength();
        if (bits > 0)
        {
            Distribute(times, bits);
        }

        if (_bits - Uncertain.GetBitLength() < certainBits + SlowestBitsPerStep)
        {
            _exact = ExactEndShares.ByElimination(_flow, _node, _reached).Value;
        }
    }

    private void Distribute(long[] times, int bits)
    {
        var given = new WideSums(_matrix.Words, _undistributed.Length + _atRest.Length);
        for (var i = 0; i < _reached.Length; i++)
        {
            _matrix.Spread(_reached[i], times[i], given);
        }

        (_lying, _overdrawn) = (0, 0);
        for (var i = 0; i < _reached.Length; i++)
        {
            var pool = _reached[i];
            var left = (_undistributed[pool] << bits) - _flow.Nodes[pool].Total * times[i] + given[pool];
            _undistributed[pool] = left;
            _lying += left.Sign > 0 ? left : 0;
            _overdrawn -= left.Sign < 0 ? left : 0;
        }

        foreach (var end in _ends)
        {
            _atRest[end] = (_atRest[end] << bits) + given[_undistributed.Length + end];
        }

        _bits += bits;
    }

    /// <summary>What has come to rest at a column's ends.</summary>
    private BigInteger AtRest(int[] column)
    {
        var sum = _atRest[_ends[column[0]]];
        for (var i = 1; i < column.Length; i++)
        {
            sum += _atRest[_ends[column[i]]];
        }

        return sum;
    }

    /// <summary>The split by largest remainder, or null while it is not certain.</summary>
    /// <param name="units">What is split.</param>
    /// <param name="sum">What the columns get together.</param>
    /// <param name="columns">Positions of ends that are added up before rounding.</param>
    /// <param name="isProven">Values that cannot be told apart by now are equal.</param>
    private (BigInteger[] Parts, int[] Spare)? TrySplit(
        BigInteger units, BigInteger sum, int[][] columns, bool isProven)
    {
        var parts = new BigInteger[columns.Length];
        var remainders = new BigInteger[columns.Length];
        var left = sum;
        for (var i = 0; i < parts.Length; i++)
        {
            var atRest = AtRest(columns[i]);
            var lowest = BigInteger.Max(0, units * (atRest - _overdrawn));
            var highest = units * (atRest + _lying);
            parts[i] = highest >> _bits;
            if (parts[i] == lowest >> _bits)
            {
                remainders[i] = lowest - (parts[i] << _bits);
            }
            else if (!isProven)
            {
                return null;
            }

            left -= parts[i];
        }

        return AreTiesDecided(remainders, (int)left, units * Uncertain, columns, isProven)
            ? (parts, LargestRemainder.Give((int)left, parts, remainders))
            : null;
    }

    /// <summary>
    /// Whether it is certain which remainders are the largest. Those that tie across the cut are made equal, so that
    /// the order of the ends decides.
    /// </summary>
    private bool AreTiesDecided(
        BigInteger[] remainders, int units, BigInteger uncertain, int[][] columns, bool isProven)
    {
        if (units == 0)
        {
            return true;
        }

        var order = Enumerable.Range(0, remainders.Length).OrderByDescending(i => remainders[i]).ToArray();
        var (first, last) = (units - 1, units);
        while (first > 0 && remainders[order[first - 1]] - remainders[order[first]] <= uncertain)
        {
            first--;
        }

        while (last < order.Length && remainders[order[last - 1]] - remainders[order[last]] <= uncertain)
        {
            last++;
        }

        var tied = order[first..last];
        var isTie = isProven || tied.All(i => AreAlike(columns[i], columns[tied[0]]));
        foreach (var i in tied)
        {
            remainders[i] = remainders[tied[0]];
        }

        return last == units || isTie;
    }

    /// <summary>Whether both consume the same of every pool, so that their shares are equal.</summary>
    private bool AreAlike(int[] left, int[] right) =>
        left.Length == 1
        && right.Length == 1
        && _matrix.EndClasses[_ends[left[0]]] == _matrix.EndClasses[_ends[right[0]]];
}
