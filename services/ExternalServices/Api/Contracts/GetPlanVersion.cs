using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Contracts;

public static class GetPlanVersion
{
    public static async Task<IResult> Handle(
        string code, int version, Caller caller, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(
                caller.Tenant, transaction => PlanVersion.Read(transaction, code, version), cancellationToken),
            "plan-version",
            $"{code}/{version}",
            found => found.Revision);
}
