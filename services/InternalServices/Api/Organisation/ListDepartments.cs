using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Organisation;

public static class ListDepartments
{
    public static async Task<Page<Department>> Handle(
        Paging paging, Caller caller, Database database, CancellationToken cancellationToken) =>
        paging.Page(
            await database.Read(
                caller.Tenant,
                transaction => transaction.Query<Department>(Select, new { paging.After, paging.Fetch }),
                cancellationToken),
            department => department.Code);

    private const string Select = """
        select code, name, kind, parent_code as parent, active, version, created_at, changed_at
        from organisation.departments
        where code > @After
        order by code
        limit @Fetch
        """;
}
