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
        if (await RuleSetRules.Check(transaction, body.Rules) is { } refusal) return refusal;

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

    private const string LockRuleSets = "select pg_advisory_xact_lock(hashtext('chargeback.rule_sets'))";

    private const string SelectNextVersion = "select coalesce(max(version), 0) + 1 from chargeback.rule_sets";
}
