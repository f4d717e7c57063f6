using System.Numerics;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>Sums of products of weights and times, too wide for a machine word, kept in words of the weights.</summary>
/// <remarks>
/// A word of 62 bits times a number of 53, added up to 2^11 times, fits the 128 bits of a sum with its sign. The halves
/// of the sums lie apart: that is several times faster than arithmetic on <see cref="Int128"/>.
/// </remarks>
internal sealed class WideSums
{
    /// <summary>Bits of a word.</summary>
    public const int WordBits = 62;

    private readonly ulong[][] _low;
    private readonly ulong[][] _high;

    /// <param name="words">Words of the widest weight.</param>
    /// <param name="size">How many sums.</param>
    public WideSums(int words, int size)
    {
        _low = Zeros(words, size);
        _high = Zeros(words, size);
    }

    public BigInteger this[int index]
    {
        get
        {
            var sum = Word(_low.Length - 1, index);
            for (var word = _low.Length - 2; word >= 0; word--)
            {
                sum = (sum << WordBits) + Word(word, index);
            }

            return sum;
        }
    }

    /// <summary>The words of a weight that is not negative, from the lowest.</summary>
    public static ulong WordOf(BigInteger weight, int word) =>
        (ulong)((weight >> (word * WordBits)) & ((BigInteger.One << WordBits) - 1));

    /// <summary>Adds weight × times to the sum of each target.</summary>
    /// <param name="word">Which word of the weights.</param>
    /// <param name="targets">Indexes of sums, each once.</param>
    /// <param name="weights">That word of the weight per target.</param>
    /// <param name="times">Of either sign.</param>
    public void Add(int word, int[] targets, ulong[] weights, long times)
    {
        var (low, high) = (_low[word], _high[word]);
        var factor = (ulong)Math.Abs(times);
        unchecked
        {
            for (var i = 0; i < targets.Length; i++)
            {
                var target = targets[i];
                var productHigh = Math.BigMul(weights[i], factor, out var productLow);
                var before = low[target];
                if (times > 0)
                {
                    low[target] = before + productLow;
                    high[target] += productHigh + (before + productLow < before ? 1UL : 0UL);
                }
                else
                {
                    low[target] = before - productLow;
                    high[target] -= productHigh + (before < productLow ? 1UL : 0UL);
                }
            }
        }
    }

    private static ulong[][] Zeros(int words, int size) => [.. Enumerable.Range(0, words).Select(_ => new ulong[size])];

    private BigInteger Word(int word, int index) => new Int128(_high[word][index], _low[word][index]);
}
