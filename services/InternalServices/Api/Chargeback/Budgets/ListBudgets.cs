using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Budgets;

/// <summary>The budgets of a department in their latest version, the latest first.</summary>
public static class ListBudgets
{
    private static readonly Period End = new(2199, 12);

    public static async Task<Page<Budget>> Handle(
        string code, Paging paging, Caller caller, Database database, CancellationToken cancellationToken)
    {
        var before = Period.TryParse(paging.After, null, out var month) ? month : End;
        return paging.Page(
            await database.Read(
                caller.Tenant,
                transaction => BudgetRows.LoadPage(transaction, code, before, paging.Fetch),
                cancellationToken),
            budget => $"{budget.From}");
    }
}
