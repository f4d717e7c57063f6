using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Periods;

/// <summary>The months that something has concerned, the latest first.</summary>
public static class ListPeriods
{
    public static async Task<Page<CostPeriod>> Handle(
        Paging paging, Database database, CancellationToken cancellationToken)
    {
        var before = Period.TryParse(paging.After, null, out var month) ? month : Latest;
        return paging.Page(
            await database.Read(
                Tenant.Provider,
                transaction => PeriodView.LoadPage(transaction, before, paging.Fetch),
                cancellationToken),
            period => $"{period.Month}");
    }

    private static readonly Period Latest = new(2199, 12);
}
