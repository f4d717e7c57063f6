using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Primitives;
using static InternalServices.Domain.Tests.Chargeback.AllocationInputs;

namespace InternalServices.Domain.Tests.Chargeback;

public sealed class InputHashTests
{
    private static readonly CostPool P = Pool("P", 100m, ("A", 1), ("B", 2));

    private static readonly AllocationInput Input = Of(P, Pool("Q", 50m, ("A", 1))) with
    {
        ExternalUsage = new Dictionary<string, decimal> { ["S"] = 1m },
    };

    /// <summary>Each differs from <see cref="Input"/> in one thing that a run depends on.</summary>
    private static readonly AllocationInput[] Changed =
    [
        Input with { Period = new Period(2026, 12) },
        Input with { Currency = Currency.Of("USD") },
        Input with { Departments = ["A", "B"] },
        Input with { ExternalUsage = new Dictionary<string, decimal> { ["S"] = 2m } },
        Input with { ExternalUsage = new Dictionary<string, decimal> { ["T"] = 1m } },
        Input with { Pools = [P] },
        With(P with { Code = "R" }),
        With(P with { Service = "P" }),
        With(P with { Entries = [new CostEntry(Assignee.Shared, 100.000000000000001m)] }),
        With(P with { Entries = [new CostEntry(Assignee.Shared, 100m, Rows: 2)] }),
        With(P with { Entries = [new CostEntry(Assignee.Department("A"), 100m)] }),
        With(P with { Entries = [new CostEntry(Assignee.Customer("A"), 100m)] }),
        With(P with { Entries = [] }),
        With(P with { Drivers = [Used("A", 2), Used("B", 1)] }),
        With(P with { Drivers = [Used("A", 1), new DriverQuantity(Consumer.Pool("B"), 2)] }),
        With(P with { Rule = new PoolRule { Driver = DriverKind.Time } }),
        With(P with { Rule = new PoolRule { WhenZero = WhenZero.Even } }),
        With(P with { Rule = new PoolRule { Order = 1 } }),
        With(P with { Rule = new PoolRule { Capacity = new Capacity(5, "A") } }),
        With(P with { Rule = new PoolRule { Capacity = new Capacity(6, "A") } }),
        With(P with { Rule = new PoolRule { Capacity = new Capacity(5, "B") } }),
        With(P with { RateCard = new(RateCard.PerUnit(1), DifferencePolicy.TrueUp, "A") }),
        With(P with { RateCard = new(RateCard.PerUnit(2), DifferencePolicy.TrueUp, "A") }),
        With(P with { RateCard = new(RateCard.PerUnit(1), DifferencePolicy.Absorb, "A") }),
        With(P with { RateCard = new(RateCard.PerUnit(1), DifferencePolicy.TrueUp, "B") }),
        With(P with { RateCard = new(new(RateMode.Graduated, [new(null, 1)]), DifferencePolicy.TrueUp, "A") }),
        With(P with { RateCard = new(new(RateMode.Volume, [new(5, 1), new(null, 1)]), DifferencePolicy.TrueUp, "A") }),
        With(P with { RateCard = new(new(RateMode.Volume, [new(null, 1, 1)]), DifferencePolicy.TrueUp, "A") }),
        Input with { Method = AllocationMethod.StepDown },
        Input with { Method = AllocationMethod.Reciprocal },
    ];

    [Fact]
    public void Everything_that_a_run_depends_on_changes_the_hash() =>
        Assert.Equal(Changed.Length + 1, Changed.Append(Input).Select(InputHash.Of).Distinct().Count());

    [Fact]
    public void Order_trailing_zeros_and_summing_do_not()
    {
        var same = Input with
        {
            Departments = ["C", "B", "A", "A", DepartmentCodes.ExternalBusiness],
            Pools =
            [
                Input.Pools[1],
                P with
                {
                    Entries = [new CostEntry(Assignee.Shared, 60.00m), new CostEntry(Assignee.Shared, 40.0m, Rows: 0)],
                    Drivers = [Used("B", 2.000m), Used("A", 1.0m)],
                },
            ],
        };

        Assert.Equal(InputHash.Of(Input), InputHash.Of(same));
        Assert.Matches("^[0-9a-f]{64}$", InputHash.Of(Input));
    }

    private static AllocationInput With(CostPool pool) => Input with { Pools = [pool, Input.Pools[1]] };
}
