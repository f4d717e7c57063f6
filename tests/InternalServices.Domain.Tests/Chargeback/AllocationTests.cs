using System.Globalization;
using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Primitives;
using static InternalServices.Domain.Tests.Chargeback.AllocationInputs;

namespace InternalServices.Domain.Tests.Chargeback;

public sealed class AllocationTests
{
    [Fact]
    public void A_line_says_why_it_is_what_it_is()
    {
        var run = Allocation.Calculate(Of(Pool("P", 100m, ("A", 1), ("B", 1), ("C", 1)))).Value;

        var lucky = run.Lines[0];
        Assert.Equal(("P", "A", LineKind.Shared), (lucky.Pool, lucky.Department, lucky.Kind));
        Assert.Equal((33.34m, 33.333333333333333m, 1), (lucky.Amount, lucky.Exact, lucky.RoundingUnits));
        Assert.Equal((1m, 3m, 0.333333333333333m), (lucky.Quantity, lucky.TotalQuantity, lucky.Share));
        Assert.Equal([1, 0, 0], run.Lines.Select(line => line.RoundingUnits));
        Assert.Equal(run.Certificate.InputHash, InputHash.Of(Of(Pool("P", 100m, ("A", 1), ("B", 1), ("C", 1)))));
    }

    [Fact]
    public void A_negative_line_says_it_mirrored()
    {
        var run = Allocation.Calculate(Of(Pool("P", -100m, ("A", 1), ("B", 1), ("C", 1)))).Value;

        Assert.Equal([-33.34m, -33.33m, -33.33m], run.Lines.Select(line => line.Amount));
        Assert.Equal([-1, 0, 0], run.Lines.Select(line => line.RoundingUnits));
    }

    [Fact]
    public void Pools_are_rounded_together_and_their_parts_within_them()
    {
        var run = Allocation.Calculate(Of(
            new CostPool
            {
                Code = "MIXED",
                Entries =
                [
                    new CostEntry(Assignee.Shared, 1.006m),
                    new CostEntry(Assignee.Department("B"), 2.003m),
                    new CostEntry(Assignee.Customer("ACME"), 0.005m),
                ],
                Drivers = [Used("A", 1)],
            },
            Pool("PLAIN", 0.001m, ("C", 1)))).Value;

        Assert.Equal(
            [("MIXED", 3.014m, 3.02m, 1), ("PLAIN", 0.001m, 0.00m, 0)],
            run.Pools.Select(pool => (pool.Code, pool.Exact, pool.Amount, pool.RoundingUnits)));
        Assert.Equal(
            [
                ("A", LineKind.Shared, 1.01m),
                ("B", LineKind.Direct, 2.00m),
                ("EXTERNAL-BUSINESS", LineKind.Direct, 0.01m),
            ],
            run.Lines.Where(line => line.Pool == "MIXED").Select(line => (line.Department, line.Kind, line.Amount)));
        Assert.Equal([0, 0, 1], run.Lines.Where(line => line.Pool == "MIXED").Select(line => line.RoundingUnits));
        Assert.Equal(3.02m, run.Certificate.PoolTotal);
    }

    [Fact]
    public void A_pool_without_shared_cost_needs_no_driver()
    {
        var run = Allocation.Calculate(Of(
            new CostPool { Code = "P", Entries = [new CostEntry(Assignee.Unallocated, 12.34m)] },
            new CostPool { Code = "EMPTY" },
            Pool("IDLE", 0m, ("A", 0)))).Value;

        Assert.Equal(12.34m, run.Certificate.Unallocated);
        Assert.Equal(12.34m, run.Certificate.PoolTotal);
        Assert.Single(run.Lines);
    }

    [Fact]
    public void The_certificate_counts_what_went_in()
    {
        var run = Allocation.Calculate(Of(
            new CostPool
            {
                Code = "P",
                Entries =
                [
                    new CostEntry(Assignee.Shared, 10m, Rows: 7),
                    new CostEntry(Assignee.Customer("ACME"), 5m),
                    new CostEntry(Assignee.Unallocated, 1m),
                ],
                Drivers = [Used("A", 1), Used(DepartmentCodes.ExternalBusiness, 3)],
            })).Value;

        Assert.Equal(
            (16m, 2.50m, 12.50m, 1m, 0m),
            (run.Certificate.PoolTotal, run.Certificate.DepartmentTotal, run.Certificate.ExternalShare,
                run.Certificate.Unallocated, run.Certificate.Difference));
        Assert.Equal(
            (9L, 1, 2, 4),
            (run.Certificate.EntryRows, run.Certificate.Pools, run.Certificate.Drivers, run.Certificate.Lines));
    }

    [Theory]
    [InlineData("10000000000000")]
    [InlineData("-10000000000000")]
    [InlineData("0.0000000000000001")]
    public void An_amount_out_of_range_is_refused(string amount) =>
        AssertRefused("amount-out-of-range", Pool("P", decimal.Parse(amount, CultureInfo.InvariantCulture), ("A", 1)));

    [Fact]
    public void A_sum_out_of_range_is_refused() =>
        AssertRefused("amount-out-of-range", Pool("P", 9_999_999_999_999m, ("A", 1)) with
        {
            Entries = [new(Assignee.Shared, 9_999_999_999_999m), new(Assignee.Shared, 9_999_999_999_999m)],
        });

    [Fact]
    public void Quantities_are_checked()
    {
        AssertRefused("negative-quantity", Pool("P", 1m, ("A", 2), ("B", -1)));
        AssertRefused("quantity-out-of-range", Pool("P", 1m, ("A", 10_000_000_000_000m)));
        AssertRefused("driver-repeated", Pool("P", 1m, ("A", 1), ("A", 1)));
        AssertRefused("unknown-consumer", Pool("P", 1m, ("NOBODY", 1)));
    }

    [Fact]
    public void A_driver_without_any_quantity_is_missing_except_for_usage()
    {
        AssertRefused("driver-missing", Pool("P", 1m) with { Rule = new PoolRule { Driver = DriverKind.Headcount } });
        AssertRefused("driver-missing", Pool("P", 1m) with { Rule = new PoolRule { Driver = DriverKind.Even } });
        AssertRefused("driver-zero", Pool("P", 1m));
        AssertRefused("driver-zero", Pool("P", 1m) with { Rule = new PoolRule { WhenZero = WhenZero.Even } });
    }

    [Fact]
    public void A_pool_that_only_pools_use_reaches_nobody() =>
        AssertRefused("no-final-consumer", Pool("P", 1m, ("A", 0)) with
        {
            Drivers = [Used("A", 0), new DriverQuantity(Consumer.Pool("Q"), 4)],
            Rule = new PoolRule { WhenZero = WhenZero.Unallocated },
        });

    [Fact]
    public void Pools_that_feed_only_each_other_are_refused_with_the_path()
    {
        var refusal = Allocation.Calculate(Of(
            Pool("P", 1m) with { Drivers = [new(Consumer.Pool("Q"), 1)] },
            Pool("Q", 1m) with { Drivers = [new(Consumer.Pool("R"), 1)] },
            Pool("R", 0m) with { Drivers = [new(Consumer.Pool("Q"), 1)] },
            Pool("S", 1m, ("A", 1))) with
        { Method = AllocationMethod.Reciprocal }).Refusal!;

        Assert.Equal("no-final-consumer", refusal.Code);
        Assert.Equal(["/pools/P", "/pools/Q", "/pools/R"], refusal.Fields!.Select(field => field.Pointer));
        Assert.Contains("P → Q → R → Q", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void More_pools_than_can_be_solved_are_refused()
    {
        var chain = Enumerable.Range(0, 2001).Select(pool => Pool($"P{pool:0000}", 1m) with
        {
            Drivers = [pool < 2000 ? new(Consumer.Pool($"P{pool + 1:0000}"), 1) : Used("A", 1)],
        });

        Assert.Equal(
            "pools-too-many",
            Allocation.Calculate(Of([.. chain]) with { Method = AllocationMethod.Reciprocal }).Refusal?.Code);
    }

    [Fact]
    public void Step_down_closes_pools_by_order_and_equal_orders_by_code()
    {
        var p = Pool("P", 100m, ("A", 1)) with { Drivers = [Used("A", 1), new(Consumer.Pool("Q"), 1)] };
        var q = Pool("Q", 10m, ("B", 1)) with { Drivers = [Used("B", 1), new(Consumer.Pool("P"), 1)] };

        Assert.Equal([("A", 50m), ("B", 60m)], StepDown(p, q));
        Assert.Equal([("A", 105m), ("B", 5m)], StepDown(p with { Rule = new PoolRule { Order = 1 } }, q));

        static IEnumerable<(string, decimal)> StepDown(params CostPool[] pools) =>
            Allocation.Calculate(Of(pools) with { Method = AllocationMethod.StepDown }).Value.Departments
                .Where(total => total.Amount != 0)
                .Select(total => (total.Department, total.Amount));
    }

    [Fact]
    public void A_run_tells_where_cost_flows_in_one_step()
    {
        var flows = Allocation.Calculate(Of(
            Pool("P", 1m) with { Drivers = [new(Consumer.Pool("Q"), 2), Used("A", 1), new(Consumer.Pool("P"), 5)] },
            Pool("Q", 0m, ("B", 1)),
            Pool("R", 0m, ("B", 1))) with
        { Method = AllocationMethod.StepDown }).Value.Flows;

        Assert.Equal(
            [
                new PoolFlow("P", Consumer.Department("A"), 1, 3),
                new PoolFlow("P", Consumer.Pool("Q"), 2, 3),
                new PoolFlow("Q", Consumer.Department("B"), 1, 1),
            ],
            flows);
    }

    [Fact]
    public void Every_pool_with_the_same_fault_is_named()
    {
        var refusal = Allocation.Calculate(Of(
            Pool("Z", 1m, ("A", 0)), Pool("Y", 1m, ("A", 0)), Pool("X", 1m, ("A", 1)))).Refusal!;

        Assert.Equal(("driver-zero", RefusalKind.Rejected), (refusal.Code, refusal.Kind));
        Assert.Equal(["/pools/Y", "/pools/Z"], refusal.Fields!.Select(field => field.Pointer));
    }

    [Fact]
    public void Other_rules_of_the_input_are_checked()
    {
        AssertRefused("unknown-department", Pool("P", 1m, ("A", 1)) with
        {
            Entries = [new CostEntry(Assignee.Department("NOBODY"), 1m)],
        });
        Assert.Equal(
            "pool-repeated",
            Allocation.Calculate(Of(Pool("P", 1m, ("A", 1)), Pool("P", 1m, ("A", 1)))).Refusal!.Code);
        Assert.Equal(
            "quantity-out-of-range",
            Allocation.Calculate(Of() with { ExternalUsage = new Dictionary<string, decimal> { ["S"] = -1m } })
                .Refusal!.Code);
    }

    private static void AssertRefused(string code, CostPool pool)
    {
        var refusal = Allocation.Calculate(Of(pool, Pool("Q", 1m, ("A", 1)))).Refusal;
        Assert.Equal(code, refusal?.Code);
        Assert.Equal(["/pools/P"], refusal!.Fields!.Select(field => field.Pointer));
    }
}
