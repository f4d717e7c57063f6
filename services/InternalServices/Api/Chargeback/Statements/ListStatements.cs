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
        CancellationToken cancellationToken)
    {
        var before = Guid.TryParse(paging.After, out var id) ? id : Guid.AllBitsSet;
        return paging.Page(
            await database.Read(
                caller.Tenant,
                transaction => StatementRows.LoadPage(transaction, month, department, before, paging.Fetch),
                cancellationToken),
            statement => $"{statement.Id}");
    }
}
