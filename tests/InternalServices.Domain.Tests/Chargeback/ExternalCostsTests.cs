using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.Runs;
using static InternalServices.Domain.Tests.Chargeback.AllocationInputs;

namespace InternalServices.Domain.Tests.Chargeback;

public sealed class ExternalCostsTests
{
    private const string External = DepartmentCodes.ExternalBusiness;

    [Fact]
    public void Services_direct_costs_and_residual_are_told_apart()
    {
        var external = Allocation.Calculate(Of(
            Pool("STORAGE", 300m, ("A", 1), (External, 2)) with { Service = "storage" },
            Pool("BACKUP", 90m, ("A", 2), (External, 1)) with { Service = "storage" },
            Pool("UNUSED", 10m, (External, 1)) with { Service = "unused" },
            Pool("RENT", 80m, ("A", 1), (External, 1)),
            new CostPool
            {
                Code = "CLOUD",
                Service = "compute",
                Entries =
                [
                    new CostEntry(Assignee.Customer("ACME"), 7m),
                    new CostEntry(Assignee.Customer("ZETA"), 2m),
                    new CostEntry(Assignee.Customer("ACME"), 1m),
                    new CostEntry(Assignee.Department(External), 5m),
                    new CostEntry(Assignee.Department("A"), 100m),
                ],
            }) with
        {
            ExternalUsage = new Dictionary<string, decimal>
            {
                ["storage"] = 3m,
                ["compute"] = 4m,
                ["unused"] = 0m,
                ["desk"] = 9m,
            },
        }).Value.External;

        Assert.Equal(
            [
                new ExternalServiceCost("compute", 5.00m, 4m, 1.25m, 0),
                new ExternalServiceCost("desk", 0m, 9m, 0m, 0),
                new ExternalServiceCost("storage", 230.00m, 3m, 76.666666666667m, 0),
                new ExternalServiceCost("unused", 0m, 0m, null, 0),
            ],
            external.Services);
        Assert.Equal(
            [new ExternalCustomerCost("ACME", 8m), new ExternalCustomerCost("ZETA", 2m)],
            external.Customers);
        Assert.Equal(50.00m, external.OverheadResidual);
        Assert.Equal(295.00m, external.Total);
    }

    /// <summary>Of S's 100, 10 reach customers directly, and of the 90 two thirds through the services.</summary>
    [Theory]
    [InlineData(AllocationMethod.StepDown)]
    [InlineData(AllocationMethod.Reciprocal)]
    public void Support_that_services_used_is_in_their_cost(AllocationMethod method)
    {
        var run = Allocation.Calculate(Of(
            Pool("S", 100m) with
            {
                Drivers = [Used(External, 1), new(Consumer.Pool("T1"), 3), new(Consumer.Pool("T2"), 6)],
            },
            Pool("T1", 1m, ("A", 1), (External, 2)) with { Service = "one" },
            Pool("T2", 0m, ("A", 1), (External, 2)) with { Service = "two" }) with
        {
            Method = method,
            ExternalUsage = new Dictionary<string, decimal> { ["one"] = 1m, ["two"] = 1m },
        }).Value;

        Assert.Equal(
            [new ServiceAmount(null, 10m), new ServiceAmount("one", 20m), new ServiceAmount("two", 40m)],
            run.Lines.Single(line => line.Pool == "S" && line.Department == External).ByService);
        Assert.Equal(
            [("one", 20.67m), ("two", 40m)],
            run.External.Services.Select(service => (service.Service, service.Cost)));
        Assert.Equal((10m, 70.67m), (run.External.OverheadResidual, run.External.Total));
    }

    [Fact]
    public void A_unit_cost_that_is_no_price_is_not_shown()
    {
        var external = Allocation.Calculate(Of(Pool("P", 1000m, (External, 1)) with { Service = "s" }) with
        {
            ExternalUsage = new Dictionary<string, decimal> { ["s"] = 0.000000000000001m },
        }).Value.External;

        Assert.Equal([new ExternalServiceCost("s", 1000m, 0.000000000000001m, null, 0)], external.Services);
    }
}
