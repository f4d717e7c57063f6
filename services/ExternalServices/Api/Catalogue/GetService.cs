using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Catalogue;

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
            code);

    private const string Select = """
        select code, name, unit, audience, active, changed_at
        from catalogue.services
        where code = @Code
        """;
}
