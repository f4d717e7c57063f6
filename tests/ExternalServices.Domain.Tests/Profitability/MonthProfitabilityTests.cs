using CsCheck;
using ExternalServices.Domain.Profitability;
using static ExternalServices.Domain.Tests.TestContracts;

namespace ExternalServices.Domain.Tests.Profitability;

public sealed class MonthProfitabilityTests
{
    private static readonly ExternalCosts Month = new()
    {
        Currency = Euro,
        Services = [new("storage", 100.00m), new("support", 10.00m)],
        DirectCosts = [new("ACME", 7.50m), new("ACME", 0.50m)],
        OverheadResidual = 20.00m,
        Customers =
        [
            Customer("GLOBEX", 100m, ("storage", 1m)),
            Customer("ACME", 300m, ("storage", 2m), ("support", 4m)),
        ],
    };

    [Fact]
    public void Costs_follow_the_quantities_and_the_residual_follows_the_revenue()
    {
        var month = MonthProfitability.Of(Month).Value;

        var acme = month.Customers[0];
        Assert.Equal("ACME", acme.Customer);
        Assert.Equal(
            [new CustomerServiceCost("storage", 2m, 66.67m), new CustomerServiceCost("support", 4m, 10.00m)],
            acme.Services);
        Assert.Equal((76.67m, 8.00m, 15.00m, 99.67m), (acme.ServiceCost, acme.DirectCost, acme.Residual, acme.Cost));
        Assert.Equal((200.33m, 66.78m), (acme.Margin, acme.MarginPercent));
        var globex = month.Customers[1];
        Assert.Equal((33.33m, 0m, 5.00m), (globex.ServiceCost, globex.DirectCost, globex.Residual));
        Assert.Equal(61.67m, globex.Margin);
        Assert.Equal((400m, 138.00m, 138.00m, 0m), (month.Revenue, month.Cost, month.ExternalShare, month.Difference));
    }

    [Fact]
    public void A_missing_cent_goes_to_the_lowest_customer_code()
    {
        var costs = Month with
        {
            Services = [new("storage", 1.00m)],
            Customers = [.. new[] { "c", "b", "B" }.Select(code => Customer(code, 0, ("storage", 1m)))],
        };

        var month = MonthProfitability.Of(costs).Value;

        Assert.Equal(
            [("ACME", 0m), ("B", 0.34m), ("b", 0.33m), ("c", 0.33m)],
            month.Customers.Select(customer => (customer.Customer, customer.ServiceCost)));
    }

    [Fact]
    public void A_service_without_a_known_cost_is_uncosted_and_leaves_the_margin_open()
    {
        var costs = Month with { Customers = [Customer("ACME", 300m, ("storage", 2m), ("compute", 5m))] };

        var acme = MonthProfitability.Of(costs).Value.Customers.Single();

        Assert.Contains(new CustomerServiceCost("compute", 5m, null), acme.Services);
        Assert.Equal(["compute"], acme.Uncosted);
        Assert.Null(acme.Margin);
        Assert.Null(acme.MarginPercent);
    }

    [Fact]
    public void The_cost_of_a_service_that_nobody_used_is_shown_in_the_residual()
    {
        var month = MonthProfitability.Of(Month with { Services = [.. Month.Services, new("compute", 30.00m)] }).Value;

        Assert.Equal([new ExternalServiceCost("compute", 30.00m)], month.UnusedServices);
        Assert.Equal(50.00m, month.Residual);
        Assert.Equal([37.50m, 12.50m], month.Customers.Select(customer => customer.Residual));
        Assert.Equal(0m, month.Difference);
    }

    [Fact]
    public void Without_revenue_the_residual_is_split_evenly()
    {
        var costs = Month with { Customers = [.. Month.Customers.Select(customer => customer with { Revenue = 0 })] };

        var month = MonthProfitability.Of(costs).Value;

        Assert.Equal(ResidualKey.Even, month.ResidualKey);
        Assert.Equal([10.00m, 10.00m], month.Customers.Select(customer => customer.Residual));
        Assert.All(month.Customers, customer => Assert.Null(customer.MarginPercent));
        Assert.Equal([-94.67m, -43.33m], month.Customers.Select(customer => customer.Margin));
    }

    [Fact]
    public void A_customer_with_negative_revenue_carries_no_residual()
    {
        var costs = Month with { Customers = [Customer("ACME", 300m, ("storage", 2m)), Customer("GLOBEX", -5m)] };

        Assert.Equal([30.00m, 0m], MonthProfitability.Of(costs).Value.Customers.Select(customer => customer.Residual));
    }

    [Fact]
    public void The_residual_can_follow_the_cost_of_services()
    {
        var month = MonthProfitability.Of(Month with { ResidualKey = ResidualKey.ServiceCost }).Value;

        Assert.Equal(ResidualKey.ServiceCost, month.ResidualKey);
        Assert.Equal([13.94m, 6.06m], month.Customers.Select(customer => customer.Residual));
    }

    [Fact]
    public void A_direct_cost_reaches_a_customer_that_did_nothing_in_the_month()
    {
        var month = MonthProfitability.Of(Month with { DirectCosts = [new("IDLE", 12.00m)] }).Value;

        Assert.Equal((12.00m, -12.00m), (month.Customers[2].Cost, month.Customers[2].Margin));
        Assert.Equal(0m, month.Difference);
    }

    [Fact]
    public void A_cost_that_nobody_can_carry_is_refused() =>
        Assert.Equal(
            "no-customers",
            MonthProfitability.Of(Month with { Customers = [], DirectCosts = [] }).Refusal?.Code);

    [Fact]
    public void An_empty_month_reconciles()
    {
        var empty = Month with { Services = [], DirectCosts = [], OverheadResidual = 0, Customers = [] };

        var month = MonthProfitability.Of(empty).Value;

        Assert.Empty(month.Customers);
        Assert.Equal(0m, month.Difference);
    }

    [Fact]
    public void Bad_input_is_refused_by_name()
    {
        Assert.Equal("customer-duplicate", Code(Month with { Customers = [Customer("A", 1), Customer("A", 2)] }));
        Assert.Equal("service-duplicate", Code(Month with { Services = [new("a", 1), new("a", 2)] }));
        Assert.Equal("negative-weight", Code(Month with { Customers = [Customer("A", 1, ("storage", -1m))] }));
        Assert.Equal("amount-precision", Code(Month with { OverheadResidual = 0.001m }));
    }

    [Fact]
    public void The_customers_costs_always_sum_to_the_external_share() =>
        Gen.Select(
                Gen.Int[-100_000, 100_000].Array[3],
                Gen.Int[-100_000, 100_000],
                Gen.Int[-5_000, 50_000].Array[1, 12],
                Gen.Int[0, 9].Array[36],
                Gen.Enum<ResidualKey>())
            .Sample((cents, residual, revenues, used, key) =>
            {
                var costs = new ExternalCosts
                {
                    Currency = Euro,
                    Services = [.. cents.Select((cost, i) => new ExternalServiceCost($"s{i}", cost / 100m))],
                    DirectCosts = [new("customer-3", 12.34m), new("somebody", -0.05m)],
                    OverheadResidual = residual / 100m,
                    ResidualKey = key,
                    Customers =
                    [
                        .. revenues.Select((revenue, i) => Customer(
                            $"customer-{i}", revenue / 100m,
                            [.. Enumerable.Range(0, 3).Select(s => ($"s{s}", used[i * 3 + s] / 3m))])),
                    ],
                };

                Assert.Equal(0m, MonthProfitability.Of(costs).Value.Difference);
            });

    private static string? Code(ExternalCosts costs) => MonthProfitability.Of(costs).Refusal?.Code;

    private static CustomerActivity Customer(
        string code, decimal revenue, params (string Service, decimal Quantity)[] used) =>
        new(code, revenue, used.ToDictionary(use => use.Service, use => use.Quantity));
}
