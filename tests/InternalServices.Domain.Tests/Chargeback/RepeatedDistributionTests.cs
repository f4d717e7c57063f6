using CsCheck;
using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.Runs;

namespace InternalServices.Domain.Tests.Chargeback;

/// <summary>
/// The meaning of the reciprocal method: every pool passes on what it has, again and again, until nothing is left in
/// any of them.
/// </summary>
public sealed class RepeatedDistributionTests
{
    private const int MaxPools = 5;
    private const double Nothing = 1e-13;
    private const double Tolerance = 1e-10;

    private static readonly string[] Departments = ["A", "B", "C"];

    private static readonly Gen<AllocationInput> Graphs = Gen.Int[1, MaxPools].SelectMany(pools =>
        PoolOf(pools).Array[pools].Select(drawn => AllocationInputs.Of(
            [.. drawn.Select((pool, i) => pool with { Code = $"P{i}" })]) with
        {
            Method = AllocationMethod.Reciprocal,
        }));

    [Fact]
    public void The_reciprocal_method_is_the_limit_of_repeated_distribution() => Graphs.Sample(input =>
    {
        var lines = Allocation.Calculate(input).Value.Lines;
        return input.Pools.All(pool =>
        {
            var ends = Distribute(input.Pools, pool.Code);
            return Departments.All(department => Math.Abs(
                ends.GetValueOrDefault(department) - (double)lines
                    .Where(line => line.Pool == pool.Code && line.Department == department)
                    .Sum(line => line.Share)) < Tolerance);
        });
    });

    private static Dictionary<string, double> Distribute(IReadOnlyList<CostPool> pools, string from)
    {
        var ends = new Dictionary<string, double>();
        var left = new Dictionary<string, double> { [from] = 1 };
        while (left.Values.Sum() > Nothing)
        {
            var passed = new Dictionary<string, double>();
            foreach (var pool in pools.Where(pool => left.ContainsKey(pool.Code)))
            {
                var others = pool.Drivers.Where(driver => driver.Consumer.Code != pool.Code).ToList();
                var total = (double)others.Sum(driver => driver.Quantity);
                foreach (var (consumer, quantity) in others)
                {
                    var to = consumer.Kind == ConsumerKind.Pool ? passed : ends;
                    to[consumer.Code] = to.GetValueOrDefault(consumer.Code)
                        + left[pool.Code] * (double)quantity / total;
                }
            }

            left = passed;
        }

        return ends;
    }

    /// <summary>A department always uses some of it.</summary>
    private static Gen<CostPool> PoolOf(int pools) => Gen.Select(
        Gen.Select(Gen.OneOf(Departments), Gen.Int[1, 9]),
        Gen.Select(Gen.Int[0, pools - 1], Gen.Int[1, 9]).Array[0, MaxPools],
        Gen.Int[-9_999, 9_999],
        (sure, fed, cost) => AllocationInputs.Pool("", cost) with
        {
            Drivers =
            [
                .. fed.Select(feed => new DriverQuantity(Consumer.Pool($"P{feed.Item1}"), feed.Item2))
                    .Prepend(AllocationInputs.Used(sure.Item1, sure.Item2))
                    .DistinctBy(driver => driver.Consumer),
            ],
        }).Where(pool => pool.Entries[0].Amount != 0);
}
