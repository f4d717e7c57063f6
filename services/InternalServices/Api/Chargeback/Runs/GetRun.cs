using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;

namespace InternalServices.Api.Chargeback.Runs;

public static class GetRun
{
    public static async Task<IResult> Handle(Guid id, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(Tenant.Provider, transaction => RunRows.Load(transaction, id), cancellationToken),
            "run",
            $"{id}",
            run => run.Version);
}
