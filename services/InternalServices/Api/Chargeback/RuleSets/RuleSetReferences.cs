using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;

namespace InternalServices.Api.Chargeback.RuleSets;

/// <summary>Pools, services and departments that a rule set names have to exist.</summary>
internal static class RuleSetReferences
{
    public static async Task Check(Transaction transaction, IReadOnlyList<RuleSet.Rule> rules, Fields fields)
    {
        var pools = (await transaction.Query<string>(SelectPools)).ToHashSet(StringComparer.Ordinal);
        var services = (await transaction.Query<string>(SelectServices)).ToHashSet(StringComparer.Ordinal);
        var departments = (await transaction.Query<string>(SelectDepartments)).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < rules.Count; i++)
        {
            var (pool, driver, owner) = (rules[i].Pool, rules[i].Driver, rules[i].Capacity?.Owner);
            fields
                .Check($"/rules/{i}/pool", pools.Contains(pool), "pool-not-found", $"There is no pool '{pool}'.")
                .Check(
                    $"/rules/{i}/capacity/owner",
                    owner is null || departments.Contains(owner),
                    "department-not-found",
                    $"There is no department '{owner}'.")
                .Check(
                    $"/rules/{i}/driver/service",
                    driver.Service is null || services.Contains(driver.Service),
                    "service-not-found",
                    $"There is no service '{driver.Service}'.");
            for (var j = 0; j < driver.Consumers.Count; j++)
            {
                var consumer = driver.Consumers[j];
                fields
                    .Check(
                        $"/rules/{i}/driver/consumers/{j}/department",
                        consumer.Department is null || departments.Contains(consumer.Department),
                        "department-not-found",
                        $"There is no department '{consumer.Department}'.")
                    .Check(
                        $"/rules/{i}/driver/consumers/{j}/pool",
                        consumer.Pool is null || pools.Contains(consumer.Pool),
                        "pool-not-found",
                        $"There is no pool '{consumer.Pool}'.");
            }
        }
    }

    private const string SelectPools = "select code from chargeback.cost_pools";

    private const string SelectServices = "select code from organisation.services";

    private const string SelectDepartments = "select code from organisation.departments";
}
