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
                    ["storage"] = 3m, ["compute"] = 4m, ["unused"] = 0m, ["desk"] = 9m,
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
