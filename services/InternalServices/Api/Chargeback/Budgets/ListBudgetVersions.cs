using System.Globalization;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Budgets;

/// <summary>The versions of a budget, the latest first.</summary>
public static class ListBudgetVersions
{
    public static async Task<Page<Budget>> Handle(
        string code, Period from, Paging paging, Caller caller, Database database, CancellationToken cancellationToken)
    {
        var before = long.TryParse(paging.After, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : long.MaxValue;
        return paging.Page(
            await database.Read(
                caller.Tenant,
                transaction => BudgetRows.LoadVersions(transaction, code, from, before, paging.Fetch),
                cancellationToken),
            budget => $"{budget.Version}");
    }
}
