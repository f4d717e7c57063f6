using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Chargeback.RuleSets;

/// <summary>How pools are driven.</summary>
public static class RuleSetEndpoints
{
    public const string Tag = "Rule sets";

    public static void MapRuleSets(this IEndpointRouteBuilder routes)
    {
        var ruleSets = routes.MapGroup("/internal/v1/rule-sets").WithTags(Tag).Allow(Callers.Provider);
        ruleSets.MapPost("", AddRuleSet.Handle)
            .Describe(
                "addRuleSet",
                "Add a rule set",
                """
                The next version of the method and of the rule of each pool. A month is closed by the latest version; a
                version never changes. Every pool with cost to share needs a rule: `even`, `fixedPercent`, `usage` of a
                service, or `headcount`, `statistic` and `time` by the month's statistics or by quantities that the rule
                names. `direct` looks only at departments; `stepDown` closes pools by their `order`, and a closed pool
                receives nothing any more; `reciprocal` solves what pools use of each other exactly. `whenZero` says
                what happens when all driver quantities are zero: `refuse` the run, share `even` among the consumers, or
                leave it `unallocated`. With a `capacity` users pay for what they used of it, and its owner for the
                rest, on a line of its own.
                """)
            .Answers<RuleSet>(StatusCodes.Status201Created)
            .Refuses(
                422,
                "invalid-fields",
                "A rule does not fit its driver, names what is not there, or misses 100 percent.");
        ruleSets.MapGet("", ListRuleSets.Handle)
            .Describe("listRuleSets", "List rule sets", "The latest version first.")
            .Answers<Page<ListRuleSets.Summary>>();
        ruleSets.MapGet("/{version:long}", GetRuleSet.Handle)
            .Describe("getRuleSet", "Read a rule set", "One version with the rule of each pool.")
            .Answers<RuleSet>();
    }
}
