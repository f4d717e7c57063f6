using CsCheck;
using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.Runs;
using static InternalServices.Domain.Tests.Chargeback.AllocationInputs;

namespace InternalServices.Domain.Tests.Chargeback;

public sealed class CapacityTests
{
    private static readonly Gen<CostPool> Pools = Gen.Select(
            Gen.Long[-9_999_999, 9_999_999], Gen.Int[0, 50], Gen.Int[0, 50], Gen.Int[1, 120], Gen.OneOf("A", "C"))
        .Select((cents, a, b, practical, owner) =>
            WithCapacity("P", cents / 100m, practical, owner, ("A", a), ("B", b)));

    [Fact]
    public void Unused_capacity_is_a_line_of_its_owner_beside_its_own_use()
    {
        var run = Allocation.Calculate(Of(WithCapacity("P", 100m, 10, "A", ("A", 3), ("B", 4)))).Value;

        Assert.Equal(
            [
                ("A", LineKind.Shared, 30m, 3m, 0.3m),
                ("A", LineKind.UnusedCapacity, 30m, 3m, 0.3m),
                ("B", LineKind.Shared, 40m, 4m, 0.4m),
            ],
            run.Lines.Select(line => (line.Department, line.Kind, line.Amount, line.Quantity, line.Share)));
        Assert.All(run.Lines, line => Assert.Equal(10m, line.TotalQuantity));
        Assert.Equal(new CapacityUse(10m, 7m, 3m, 10m), run.Pools[0].Capacity);
    }

    [Fact]
    public void Use_beyond_capacity_keeps_the_rate_and_the_owner_gets_back_what_is_too_much()
    {
        var run = Allocation.Calculate(Of(WithCapacity("P", 100m, 3, "C", ("A", 2), ("B", 2)))).Value;

        Assert.Equal(
            [
                ("A", LineKind.Shared, 66.67m, 66.666666666666667m),
                ("B", LineKind.Shared, 66.67m, 66.666666666666667m),
                ("C", LineKind.OverRecovery, -33.34m, -33.333333333333333m),
            ],
            run.Lines.Select(line => (line.Department, line.Kind, line.Amount, line.Exact)));
        Assert.Equal(new CapacityUse(3m, 4m, 0m, 33.333333333333m), run.Pools[0].Capacity);
    }

    [Fact]
    public void Parts_sum_to_the_pool_whatever_was_used() =>
        Pools.Sample(pool =>
        {
            var run = Allocation.Calculate(Of(pool)).Value;
            return run.Lines.Sum(line => line.Amount) == pool.Entries[0].Amount
                && run.Lines.Where(line => line.Kind == LineKind.OverRecovery)
                    .All(line => line.Amount * decimal.Sign(pool.Entries[0].Amount) <= 0);
        });

    [Fact]
    public void Users_pay_the_rate_whatever_the_others_used() =>
        Pools.Sample(pool => Allocation.Calculate(Of(pool)).Value.Lines
            .Where(line => line.Kind == LineKind.Shared)
            .All(line => decimal.Abs(
                line.Amount - pool.Entries[0].Amount * line.Quantity / pool.Rule.Capacity!.Practical) < 0.01m));

    [Fact]
    public void Cost_from_other_pools_ends_in_unused_capacity_too()
    {
        var run = Allocation.Calculate(Of(
            Pool("S1", 100m) with { Drivers = [new DriverQuantity(Consumer.Pool("S2"), 1)] },
            WithCapacity("S2", 0m, 4, "C", ("A", 1))) with
        { Method = AllocationMethod.StepDown }).Value;

        Assert.Equal(
            [("A", LineKind.Shared, 25m), ("C", LineKind.UnusedCapacity, 75m)],
            run.Lines.Where(line => line.Pool == "S1").Select(line => (line.Department, line.Kind, line.Amount)));
    }

    [Fact]
    public void Use_beyond_capacity_goes_on_through_other_pools()
    {
        var run = Allocation.Calculate(Of(
            WithCapacity("S1", 100m, 1, "C") with { Drivers = [new(Consumer.Pool("S2"), 2)] },
            WithCapacity("S2", 10m, 1, "C", ("A", 3))) with
        { Method = AllocationMethod.Reciprocal }).Value;

        Assert.Equal(
            [("A", 600m), ("C", -500m)],
            run.Lines.Where(line => line.Pool == "S1").Select(line => (line.Department, line.Amount)));
        Assert.Equal(110m, run.Lines.Sum(line => line.Amount));
    }

    [Fact]
    public void Pools_that_charge_each_other_more_than_they_cost_are_refused()
    {
        var refusal = Allocation.Calculate(Of(
            WithCapacity("S1", 100m, 1, "C", ("A", 1)) with { Drivers = [Used("A", 1), new(Consumer.Pool("S2"), 2)] },
            WithCapacity("S2", 10m, 1, "C", ("A", 1)) with { Drivers = [Used("A", 1), new(Consumer.Pool("S1"), 2)] })
            with
        { Method = AllocationMethod.Reciprocal }).Refusal;

        Assert.Equal("capacity-diverges", refusal?.Code);
    }

    [Fact]
    public void Unused_capacity_is_told_to_the_external_side_and_never_pushed_onto_customers()
    {
        var external = Allocation.Calculate(Of(
            WithCapacity("P", 100m, 10, DepartmentCodes.ExternalBusiness, (DepartmentCodes.ExternalBusiness, 4)) with
            {
                Service = "storage",
            }) with
        { ExternalUsage = new Dictionary<string, decimal> { ["storage"] = 4m } }).Value.External;

        Assert.Equal([new ExternalServiceCost("storage", 40m, 4m, 10m, 6m)], external.Services);
        Assert.Equal((60m, 100m), (external.OverheadResidual, external.Total));
    }

    [Theory]
    [InlineData(0, "A", "capacity-not-positive")]
    [InlineData(-1, "A", "capacity-not-positive")]
    [InlineData(1, "NOBODY", "unknown-department")]
    public void A_capacity_that_is_none_is_refused(int practical, string owner, string code) =>
        Assert.Equal(code, Allocation.Calculate(Of(WithCapacity("P", 1m, practical, owner, ("A", 1)))).Refusal?.Code);

    private static CostPool WithCapacity(
        string code, decimal shared, decimal practical, string owner, params (string, decimal)[] drivers) =>
        Pool(code, shared, drivers) with { Rule = new PoolRule { Capacity = new Capacity(practical, owner) } };
}
