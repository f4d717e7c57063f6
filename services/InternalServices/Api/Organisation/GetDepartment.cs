using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Organisation;

public static class GetDepartment
{
    public static async Task<IResult> Handle(
        string code, Caller caller, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(
                caller.Tenant,
                transaction => transaction.SingleOrDefault<Department>(Select, new { Code = code }),
                cancellationToken),
            "department",
            code,
            department => department.Version);

    private const string Select = """
        select code, name, kind, parent_code as parent, active, version, created_at, changed_at
        from organisation.departments
        where code = @Code
        """;
}
