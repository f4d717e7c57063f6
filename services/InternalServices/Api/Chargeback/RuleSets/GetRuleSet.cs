using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;

namespace InternalServices.Api.Chargeback.RuleSets;

public static class GetRuleSet
{
    public static async Task<IResult> Handle(long version, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(
                Tenant.Provider, transaction => RuleSetRows.Load(transaction, version), cancellationToken),
            "rule-set",
            $"{version}",
            ruleSet => ruleSet.Version);
}
