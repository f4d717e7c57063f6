using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Organisation;

public static class ListServices
{
    public static async Task<Page<Service>> Handle(
        Paging paging, Caller caller, Database database, CancellationToken cancellationToken) =>
        paging.Page(
            await database.Read(
                caller.Tenant,
                transaction => transaction.Query<Service>(Select, new { paging.After, paging.Fetch }),
                cancellationToken),
            service => service.Code);

    private const string Select = """
        select code, name, unit, owner_department, audience, charging, pricing, active, version, created_at, changed_at
        from organisation.services
        where code > @After
        order by code
        limit @Fetch
        """;
}
