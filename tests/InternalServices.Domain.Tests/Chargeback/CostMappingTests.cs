using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.CostImports;
using ServiceMesh.Primitives;

namespace InternalServices.Domain.Tests.Chargeback;

public sealed class CostMappingTests
{
    private static readonly FocusRow Row = new()
    {
        BilledCost = 1m,
        BillingCurrency = Currency.Of("USD"),
        BillingAccountId = "1",
        BillingPeriodStart = default,
        ChargePeriodStart = default,
        ChargeCategory = "Usage",
        ProviderName = "AWS",
        ServiceCategory = "Compute",
        ServiceName = "EC2",
        SubAccountId = "42",
        Tags = new Dictionary<string, string> { ["team"] = "web", ["empty"] = "" },
    };

    [Fact]
    public void The_first_rule_that_sets_it_decides_pool_and_assignee_each() =>
        Assert.Equal(
            new MappedCost("SERVERS", Assignee.Department("WEB"), "category", "team"),
            Map(
                new MappingRule { Code = "late", Precedence = 9, Pool = "OTHER", Assignee = Assignee.Shared },
                new MappingRule { Code = "category", Precedence = 2, ServiceCategory = "Compute", Pool = "SERVERS" },
                new MappingRule
                {
                    Code = "team",
                    Precedence = 3,
                    Tags = [new("team", "web")],
                    Assignee = Assignee.Department("WEB"),
                },
                new MappingRule { Code = "other", Precedence = 1, Provider = "Microsoft", Pool = "AZURE" }));

    [Fact]
    public void Equal_precedences_are_asked_by_code() =>
        Assert.Equal("A", Map(Always("b", pool: "B"), Always("a", pool: "A")).Pool);

    [Fact]
    public void Without_an_assignee_the_cost_stands_at_nobody_in_its_pool() =>
        Assert.Equal(new MappedCost("A", Assignee.Unallocated, "a", null), Map(Always("a", pool: "A")));

    [Fact]
    public void Without_a_pool_the_cost_is_unmapped_whoever_the_assignee() =>
        Assert.Equal(
            new MappedCost("UNMAPPED", Assignee.Unallocated, null, null),
            Map(new MappingRule { Code = "a", Precedence = 1, Assignee = Assignee.Customer("ACME") }));

    [Fact]
    public void Every_condition_must_hold()
    {
        var rule = new MappingRule
        {
            Code = "all",
            Precedence = 1,
            Provider = "AWS",
            ServiceCategory = "Compute",
            ServiceName = "EC2",
            SubAccountId = "42",
            ChargeCategory = "Usage",
            Tags = [new("team", "web"), new("empty")],
        };

        Assert.True(rule.Matches(Row));
        Assert.False((rule with { Provider = "aws" }).Matches(Row));
        Assert.False((rule with { ServiceCategory = "Storage" }).Matches(Row));
        Assert.False((rule with { ServiceName = "S3" }).Matches(Row));
        Assert.False((rule with { SubAccountId = "43" }).Matches(Row));
        Assert.False(rule.Matches(Row with { SubAccountId = null }));
        Assert.False((rule with { ChargeCategory = "Credit" }).Matches(Row));
        Assert.False((rule with { Tags = [new("team", "data")] }).Matches(Row));
        Assert.False((rule with { Tags = [new("team", "web"), new("absent")] }).Matches(Row));
    }

    private static MappingRule Always(string code, string pool) => new() { Code = code, Precedence = 1, Pool = pool };

    private static MappedCost Map(params MappingRule[] rules) => new CostMapping(rules).Map(Row);
}
