using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Budgets;

public static class GetBudget
{
    public static async Task<IResult> Handle(
        string code,
        Period from,
        long? version,
        Caller caller,
        Database database,
        CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(
                caller.Tenant, transaction => BudgetRows.Load(transaction, code, from, version), cancellationToken),
            "budget",
            $"{code}/{from}",
            budget => budget.Version);
}
