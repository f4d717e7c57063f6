using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Runs;

public static class ListRuns
{
    public static async Task<Page<Run>> Handle(
        Period? month, Paging paging, Database database, CancellationToken cancellationToken)
    {
        var before = Guid.TryParse(paging.After, out var id) ? id : Guid.AllBitsSet;
        return paging.Page(
            await database.Read(
                Tenant.Provider,
                transaction => RunRows.LoadPage(transaction, month, before, paging.Fetch),
                cancellationToken),
            run => $"{run.Id}");
    }
}
