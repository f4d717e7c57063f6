using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Chargeback.Disputes;

public static class GetDispute
{
    public static async Task<IResult> Handle(
        Guid id, Caller caller, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(caller.Tenant, transaction => DisputeRows.Load(transaction, id), cancellationToken),
            "dispute",
            $"{id}",
            dispute => dispute.Version);
}
