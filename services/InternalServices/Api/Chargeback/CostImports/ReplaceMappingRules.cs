using System.Text.Json;
using InternalServices.Domain.Chargeback;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Hosting.Json;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.CostImports;

/// <summary>Replaces the list as a whole; imports that were made keep what the earlier list decided.</summary>
public static class ReplaceMappingRules
{
    public sealed record Request
    {
        /// <summary>Asked from the first to the last.</summary>
        public required IReadOnlyList<MappingRules.Rule> Rules { get; init; }
    }

    public static async Task<IResult> Handle(
        Request body, IfMatch ifMatch, Caller caller, Database database, CancellationToken cancellationToken) =>
        Answer.Of(
            await database.InTransaction(
                Tenant.Provider, transaction => Replace(transaction, body, ifMatch, caller.Subject), cancellationToken),
            rules => Answer.Ok(rules) with { Version = rules.Version });

    private static async Task<Outcome<MappingRules>> Replace(
        Transaction transaction, Request body, IfMatch ifMatch, string subject)
    {
        var fields = MappingRules.Check(body.Rules);
        if (fields.Refusal is { } refusal) return refusal;
        if (await Unknown(transaction, body.Rules, fields) is { } unknown) return unknown;

        await transaction.Execute(LockLists);
        if (ifMatch.Check(await transaction.Scalar<long>(SelectVersion)) is { } stale) return stale;

        var rules = new MappingRules
        {
            Version = ifMatch.Version + 1,
            Rules = body.Rules,
            ChangedAt = transaction.Now,
        };
        await transaction.Execute(
            Insert,
            new
            {
                rules.Version,
                Rules = JsonSerializer.Serialize(rules.Rules, Wire.Options),
                transaction.Now,
                Subject = subject,
            });
        return rules;
    }

    /// <summary>
    /// Pools and departments that a rule names have to exist; customers are the other side's to know.
    /// </summary>
    private static async Task<Refusal?> Unknown(
        Transaction transaction, IReadOnlyList<MappingRules.Rule> rules, Fields fields)
    {
        var pools = (await transaction.Query<string>(SelectPools)).ToHashSet(StringComparer.Ordinal);
        var departments = (await transaction.Query<string>(SelectDepartments)).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < rules.Count; i++)
        {
            var (pool, assignee) = (rules[i].Pool, rules[i].Assignee);
            fields
                .Check(
                    $"/rules/{i}/pool",
                    pool is null || pools.Contains(pool),
                    "pool-not-found",
                    $"There is no pool '{pool}'.")
                .Check(
                    $"/rules/{i}/assignee/code",
                    assignee is not { Kind: AssigneeKind.Department } || departments.Contains(assignee.Code!),
                    "department-not-found",
                    $"There is no department '{assignee?.Code}'.");
            if (assignee is { Kind: AssigneeKind.Customer }) fields.Code($"/rules/{i}/assignee/code", assignee.Code!);
        }

        return fields.Refusal;
    }

    private const string SelectPools = "select code from chargeback.cost_pools";

    private const string SelectDepartments = "select code from organisation.departments";

    private const string LockLists = "select pg_advisory_xact_lock(hashtext('chargeback.mapping_rule_lists'))";

    private const string SelectVersion = "select max(version) from chargeback.mapping_rule_lists";

    private const string Insert = """
        insert into chargeback.mapping_rule_lists (version, rules, created_at, created_by)
        values (@Version, @Rules::jsonb, @Now, @Subject)
        """;
}
