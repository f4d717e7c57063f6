using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.RuleSets;

/// <summary>Adds the next version of the rules.</summary>
public static class AddRuleSet
{
    public sealed record Request
    {
        public required AllocationMethod Method { get; init; }

        public required IReadOnlyList<RuleSet.Rule> Rules { get; init; }
    }

    public static Task<IResult> Handle(Request body, Once once, Caller caller, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Add(transaction, body, caller.Subject),
            ruleSet => Answer.Created($"/internal/v1/rule-sets/{ruleSet.Version}", ruleSet),
            cancellationToken);

    private static async Task<Outcome<RuleSet>> Add(Transaction transaction, Request body, string subject)
    {
        var fields = RuleSetRules.Check(body.Rules);
        if (fields.Refusal is { } refusal) return refusal;
        if (await Unknown(transaction, body.Rules, fields) is { } unknown) return unknown;

        await transaction.Execute(LockRuleSets);
        var ruleSet = new RuleSet
        {
            Version = await transaction.Scalar<long>(SelectNextVersion),
            Method = body.Method,
            Rules = body.Rules,
            CreatedAt = transaction.Now,
            CreatedBy = subject,
        };
        await RuleSetRows.Save(transaction, ruleSet);
        return ruleSet;
    }

    private static async Task<Refusal?> Unknown(
        Transaction transaction, IReadOnlyList<RuleSet.Rule> rules, Fields fields)
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

        return fields.Refusal;
    }

    private const string SelectPools = "select code from chargeback.cost_pools";

    private const string SelectServices = "select code from organisation.services";

    private const string SelectDepartments = "select code from organisation.departments";

    private const string LockRuleSets = "select pg_advisory_xact_lock(hashtext('chargeback.rule_sets'))";

    private const string SelectNextVersion = "select coalesce(max(version), 0) + 1 from chargeback.rule_sets";
}
