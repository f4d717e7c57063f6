using System.Numerics;
using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>
/// Which pool's cost flows where, according to the method: the three methods differ in nothing else. Holds the pools
/// that have cost to distribute or get it from others.
/// </summary>
internal sealed class CostFlow
{
    /// <summary>How many pools may pass cost on to each other; their equations grow with the third power.</summary>
    public const int MaxPoolsThatFeedPools = 2000;

    private readonly Dictionary<string, int> _indexOf;
    private readonly FlowNode[] _nodes;

    private CostFlow(FlowNode[] nodes, CostEnd[] ends, Dictionary<string, int> indexOf)
    {
        _nodes = nodes;
        Ends = ends;
        _indexOf = indexOf;
    }

    /// <summary>In ordinal order of the pools' codes.</summary>
    public IReadOnlyList<FlowNode> Nodes => _nodes;

    /// <summary>In the order in which ties are decided.</summary>
    public IReadOnlyList<CostEnd> Ends { get; }

    /// <summary>The pool's index, or null where it has nothing to distribute.</summary>
    public int? IndexOf(string pool) => _indexOf.TryGetValue(pool, out var index) ? index : null;

    /// <summary>The pools that the pool's cost passes through, itself included, ascending.</summary>
    public int[] ReachedFrom(int node)
    {
        var isReached = new bool[Nodes.Count];
        isReached[node] = true;
        var open = new Stack<int>([node]);
        while (open.TryPop(out var at))
        {
            foreach (var target in _nodes[at].Feeds)
            {
                if (!isReached[target])
                {
                    isReached[target] = true;
                    open.Push(target);
                }
            }
        }

        return [.. Enumerable.Range(0, isReached.Length).Where(pool => isReached[pool])];
    }

    /// <summary>
    /// Indexes of the ends that get some of the pool's cost, or that the pool itself names; ascending.
    /// </summary>
    /// <param name="node">The pool.</param>
    /// <param name="reached">What <see cref="ReachedFrom"/> gives for it.</param>
    public int[] EndsReached(int node, int[] reached)
    {
        var isReached = new bool[Ends.Count];
        foreach (var pool in reached)
        {
            foreach (var end in pool == node ? _nodes[pool].Names : _nodes[pool].Gives)
            {
                isReached[end] = true;
            }
        }

        return [.. Enumerable.Range(0, isReached.Length).Where(end => isReached[end])];
    }

    /// <summary>
    /// Builds the graph. Refuses what <see cref="Consumption.Of"/> refuses, and <c>no-final-consumer</c> for pools that
    /// feed only each other; one refusal names every pool with the same fault. <c>pools-too-many</c> beyond
    /// <see cref="MaxPoolsThatFeedPools"/>.
    /// </summary>
    public static Outcome<CostFlow> Of(AllocationInput input, IReadOnlyList<PoolCost> costs)
    {
        var consumptions = ConsumptionsOf(input, costs);
        var refused = consumptions.Where(item => item.IsRefused).Select(item => item.Refusal!).ToList();
        if (refused.Count > 0)
        {
            return PoolRefusal.Merge(refused);
        }

        var flow = Build([.. consumptions.Select(item => item.Value)]);
        return flow.Nodes.Count > MaxPoolsThatFeedPools && flow.Nodes.Any(node => node.Feeds.Length > 0)
            ? Refusal.Rejected("pools-too-many", $"At most {MaxPoolsThatFeedPools} pools can feed each other.")
            : flow.Unending() is { } unending ? unending
            : flow;
    }

    /// <summary>Of the pools with shared cost or charges, and of those that cost flows to.</summary>
    private static List<Outcome<Consumption>> ConsumptionsOf(AllocationInput input, IReadOnlyList<PoolCost> costs)
    {
        var pools = input.Pools.ToDictionary(pool => pool.Code, StringComparer.Ordinal);
        var positions = input.Pools
            .OrderBy(pool => pool.Rule.Order)
            .ThenBy(pool => pool.Code, StringComparer.Ordinal)
            .Select((pool, position) => (pool.Code, position))
            .ToDictionary(StringComparer.Ordinal);
        var found = new SortedDictionary<string, Outcome<Consumption>>(StringComparer.Ordinal);
        var open = new Queue<string>(costs
            .Where(cost => cost.Shared != 0 || cost.IsCharged)
            .Select(cost => cost.Pool.Code));
        while (open.TryDequeue(out var code))
        {
            if (found.ContainsKey(code))
            {
                continue;
            }

            var consumption = Consumption.Of(pools[code], consumer => Counts(input.Method, positions, code, consumer));
            found.Add(code, consumption);
            foreach (var driver in consumption.IsRefused ? [] : consumption.Value.Quantities)
            {
                if (driver.Consumer.Kind == ConsumerKind.Pool && driver.Quantity > 0)
                {
                    open.Enqueue(driver.Consumer.Code);
                }
            }
        }

        return [.. found.Values];
    }

    /// <summary>Whether cost of the pool flows to the consumer, which is not the pool itself.</summary>
    private static bool Counts(
        AllocationMethod method, Dictionary<string, int> positions, string pool, Consumer consumer) =>
        consumer.Kind == ConsumerKind.Department || method switch
        {
            AllocationMethod.Direct => false,
            AllocationMethod.StepDown => positions[consumer.Code] > positions[pool],
            AllocationMethod.Reciprocal => true,
        };

    private static CostFlow Build(Consumption[] consumptions)
    {
        var indexOf = consumptions
            .Select((consumption, index) => (consumption.Pool.Code, index))
            .ToDictionary(StringComparer.Ordinal);
        var ends = consumptions.SelectMany(consumption => consumption.Ends()).Select(end => end.End).Distinct()
            .Order(CostEnd.TieOrder)
            .ToArray();
        var indexOfEnd = ends.Select((end, index) => (end, index)).ToDictionary();
        var nodes = Array.ConvertAll(consumptions, consumption => NodeOf(consumption, indexOf, indexOfEnd));
        return new CostFlow(nodes, ends, indexOf);
    }

    private static FlowNode NodeOf(
        Consumption consumption, Dictionary<string, int> indexOf, Dictionary<CostEnd, int> indexOfEnd)
    {
        var feeds = consumption.Quantities
            .Where(driver => driver.Consumer.Kind == ConsumerKind.Pool && driver.Quantity > 0)
            .Select(driver => (Pool: indexOf[driver.Consumer.Code], driver.Quantity))
            .ToList();
        var names = consumption.Ends().Select(end => (End: indexOfEnd[end.End], end.Quantity)).ToList();
        var weights = feeds.Select(feed => feed.Quantity)
            .Concat(names.Select(name => name.Quantity))
            .Select(ExactAmount.Units)
            .ToArray();
        var divisor = weights.Aggregate(BigInteger.Zero, BigInteger.GreatestCommonDivisor);
        return new FlowNode(
            consumption,
            [.. feeds.Select(feed => feed.Pool), .. names.Select(name => indexOf.Count + name.End)],
            Array.ConvertAll(weights, weight => weight / divisor),
            ExactAmount.Units(consumption.Total) / divisor)
        {
            Feeds = [.. feeds.Select(feed => feed.Pool)],
            Names = [.. names.Select(name => name.End)],
            Gives = [.. names.Where(name => name.Quantity != 0).Select(name => name.End)],
        };
    }

    /// <summary>The refusal for pools from which no end can be reached; null when there are none.</summary>
    private Refusal? Unending()
    {
        var feeders = Nodes.Select(_ => new List<int>()).ToArray();
        var ending = new HashSet<int>();
        for (var node = 0; node < Nodes.Count; node++)
        {
            foreach (var target in Nodes[node].Feeds)
            {
                feeders[target].Add(node);
            }

            if (Nodes[node].Gives.Length > 0)
            {
                ending.Add(node);
            }
        }

        var open = new Stack<int>(ending);
        while (open.TryPop(out var node))
        {
            foreach (var feeder in feeders[node].Where(ending.Add))
            {
                open.Push(feeder);
            }
        }

        var lost = Enumerable.Range(0, Nodes.Count).Where(node => !ending.Contains(node)).ToList();
        return lost.Count == 0
            ? null
            : PoolRefusal.Of(
                "no-final-consumer", $"No department is reached: {PathFrom(lost[0])}.", lost.Select(CodeOf));
    }

    /// <summary>From the pool along its first consumers until one comes again, as <c>P → Q → P</c>.</summary>
    private string PathFrom(int node)
    {
        var path = new List<int>();
        for (var at = node; !path.Contains(at); at = Nodes[at].Feeds[0])
        {
            path.Add(at);
        }

        path.Add(Nodes[path[^1]].Feeds[0]);
        return string.Join(" → ", path.Select(CodeOf));
    }

    private string CodeOf(int node) => Nodes[node].Consumption.Pool.Code;
}
