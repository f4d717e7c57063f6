using CsCheck;
using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.Runs;
using static InternalServices.Domain.Tests.Chargeback.AllocationInputs;

namespace InternalServices.Domain.Tests.Chargeback;

/// <summary>Cost through other pools is split as rational arithmetic would split it, ties included.</summary>
public sealed class ExactnessTests
{
    private static readonly AllocationMethod[] ThroughPools = [AllocationMethod.StepDown, AllocationMethod.Reciprocal];

    [Fact]
    public void Every_split_is_that_of_rational_arithmetic() =>
        Gen.OneOf(ThroughPools).SelectMany(Any).Sample(AgreesWithRationals);

    [Fact]
    public void Ties_are_decided_as_rational_arithmetic_decides_them() =>
        Gen.OneOf(ThroughPools).SelectMany(Dense).Sample(AgreesWithRationals, iter: 500);

    [Fact]
    public void Reciprocal_is_the_limit_of_distributing_again_and_again() =>
        Dense(AllocationMethod.Reciprocal).Sample(input =>
        {
            var run = Allocation.Calculate(input).Value;
            return run.Pools.All(pool =>
            {
                var limit = DistributedAgainAndAgain(run.Flows, pool.Code);
                return run.Lines.Where(line => line.Pool == pool.Code && line.Kind == LineKind.Shared).All(line =>
                    Math.Abs((double)line.Share - limit.GetValueOrDefault(line.Department)) < 1e-9);
            });
        });

    /// <summary>B used 10^-28 more than A: no floating point tells them apart, and yet the cent is B's.</summary>
    [Theory]
    [InlineData(AllocationMethod.StepDown)]
    [InlineData(AllocationMethod.Reciprocal)]
    public void What_is_almost_a_tie_is_none(AllocationMethod method)
    {
        const decimal used = 4_000_000_000_000m;
        var input = Of(
            Pool("P", 0.01m) with { Drivers = [new(Consumer.Pool("Q"), 1)] },
            Pool("Q", 0m) with { Drivers = [Used("A", used), Used("B", used + 1e-15m), new(Consumer.Pool("P"), 1)] })
            with
        { Method = method };

        AssertAgrees(input);
        Assert.Equal(
            [("A", 0.00m), ("B", 0.01m)],
            Allocation.Calculate(input).Value.Lines.Where(line => line.Pool == "P")
                .Select(line => (line.Department, line.Amount)));
    }

    /// <summary>Of what the pools get, one part in 10^15 leaves the circle: floating point sees none of it.</summary>
    [Fact]
    public void A_circle_that_almost_nothing_leaves_is_solved_all_the_same()
    {
        const decimal huge = 999_999_999_999m;
        const decimal tiny = 0.001m;
        var input = Of(
            Pool("P", 100m, ("A", tiny), ("B", tiny)) with { Code = "P" },
            Pool("Q", 0.01m, ("A", tiny), ("C", tiny), ("B", tiny)) with { Code = "Q" }) with
        {
            Method = AllocationMethod.Reciprocal,
        };
        input = input with
        {
            Pools =
            [
                input.Pools[0] with { Drivers = [.. input.Pools[0].Drivers, new(Consumer.Pool("Q"), huge)] },
                input.Pools[1] with { Drivers = [.. input.Pools[1].Drivers, new(Consumer.Pool("P"), huge)] },
            ],
        };

        AssertAgrees(input);
        Assert.Equal(
            [40.00m, 40.00m, 20.00m, 0.01m, 0.00m, 0.00m],
            Allocation.Calculate(input).Value.Lines.Select(line => line.Amount));
    }

    /// <summary>A handful of small quantities: most remainders tie, many amounts are whole, columns repeat.</summary>
    private static Gen<AllocationInput> Dense(AllocationMethod method) =>
        Gen.Select(Gen.Int[2, 6], Gen.Int[0, 2].Array[6 * 9], Gen.Long[-99, 99].Array[6])
            .Select((pools, quantities, cents) => Dense(method, pools, quantities, cents));

    private static bool AgreesWithRationals(AllocationInput input)
    {
        AssertAgrees(input);
        return true;
    }

    private static void AssertAgrees(AllocationInput input)
    {
        var run = Allocation.Calculate(input).Value;
        input = input with { Departments = [.. run.Departments.Select(department => department.Department)] };
        foreach (var pool in run.Pools.Where(pool => pool.SharedExact != 0))
        {
            var lines = run.Lines
                .Where(line => line.Pool == pool.Code && line.Kind == LineKind.Shared)
                .ToDictionary(line => line.Department, line => line.Amount);
            foreach (var (department, amount) in RationalOracle.Split(input, pool.Code, pool.Shared))
            {
                Assert.Equal(amount, lines.GetValueOrDefault(department));
            }
        }
    }

    private static AllocationInput Dense(AllocationMethod method, int pools, int[] quantities, long[] cents) =>
        Of(
        [
            .. Enumerable.Range(0, pools).Select(pool => new CostPool
            {
                Code = $"P{pool}",
                Entries = [new CostEntry(Assignee.Shared, cents[pool] / 100m)],
                Drivers =
                [
                    Used("A", 1 + quantities[pool * 9]),
                    Used("B", quantities[pool * 9 + 1]),
                    Used("C", quantities[pool * 9 + 2]),
                    .. Enumerable.Range(0, pools).Where(other => other != pool).Select(other =>
                        new DriverQuantity(Consumer.Pool($"P{other}"), quantities[pool * 9 + 3 + other])),
                ],
            }),
        ]) with
        {
            Method = method,
        };

    private static Dictionary<string, double> DistributedAgainAndAgain(IReadOnlyList<PoolFlow> flows, string pool)
    {
        var atRest = new Dictionary<string, double>();
        var lying = new Dictionary<string, double> { [pool] = 1 };
        for (var round = 0; round < 2000 && lying.Values.Sum() > 1e-12; round++)
        {
            var next = new Dictionary<string, double>();
            foreach (var flow in flows.Where(flow => lying.ContainsKey(flow.Pool)))
            {
                var to = flow.To.Kind == ConsumerKind.Pool ? next : atRest;
                to[flow.To.Code] = to.GetValueOrDefault(flow.To.Code)
                    + lying[flow.Pool] * (double)flow.Quantity / (double)flow.TotalQuantity;
            }

            lying = next;
        }

        return atRest;
    }
}
