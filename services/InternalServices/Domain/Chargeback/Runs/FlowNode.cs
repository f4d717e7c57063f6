using System.Numerics;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>One pool of the graph, and where its cost goes in one step.</summary>
/// <param name="Consumption">The pool's quantities, for people.</param>
/// <param name="Targets">
/// Without repetition: indexes of pools in the graph, or the number of pools plus the index of an end.
/// </param>
/// <param name="Weights">
/// Per target, in lowest terms; not negative, but for use beyond capacity, which takes back from its owner.
/// </param>
/// <param name="Total">Sum of the weights, above zero.</param>
internal sealed record FlowNode(
    Consumption Consumption, int[] Targets, BigInteger[] Weights, BigInteger Total)
{
    /// <summary>Whether the pool is charged to its users beyond what it cost.</summary>
    public bool IsBeyondCapacity => Consumption.Unused < 0;

    /// <summary>The pools among the targets.</summary>
    public required int[] Feeds { get; init; }

    /// <summary>Indexes of the ends among the targets.</summary>
    public required int[] Names { get; init; }

    /// <summary>Those of them that get something.</summary>
    public required int[] Gives { get; init; }
}
