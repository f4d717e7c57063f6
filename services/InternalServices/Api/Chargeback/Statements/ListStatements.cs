using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Statements;

public static class ListStatements
{
    public static async Task<Page<Statement>> Handle(
        Period? month,
        string? department,
        Paging paging,
        Caller caller,
        Database database,
        CancellationToken cancellationToken) =>
        paging.Page(
            await database.Read(
                caller.Tenant,
                transaction => StatementRows.LoadPage(
                    transaction, month, department, StatementKey.Parse(paging.After), paging.Fetch),
                cancellationToken),
            statement => $"{new StatementKey(statement.Month, statement.Department, statement.Id)}");
}
