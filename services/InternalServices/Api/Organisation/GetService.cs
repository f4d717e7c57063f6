using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Organisation;

public static class GetService
{
    public static async Task<IResult> Handle(
        string code, Caller caller, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(
                caller.Tenant,
                transaction => transaction.SingleOrDefault<Service>(Select, new { Code = code }),
                cancellationToken),
            "service",
            code,
            service => service.Version);

    private const string Select = """
        select code, name, unit, owner_department, audience, charging, pricing, active, version, created_at, changed_at
        from organisation.services
        where code = @Code
        """;
}
