using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Contracts;

public static class GetContract
{
    public static async Task<IResult> Handle(
        string code, Caller caller, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(
                caller.Tenant,
                async transaction => (await SignedContract.Read(transaction, code))?.ToContract(transaction.Now),
                cancellationToken),
            "contract",
            code,
            contract => contract.Version);
}
