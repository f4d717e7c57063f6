using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;

namespace Gateway.Clients;

internal static class ListClients
{
    public static async Task<IResult> Handle(Paging paging, Database database, CancellationToken cancellationToken)
    {
        var rows = await database.Read(
            Tenant.Provider,
            transaction => ClientRows.Load(transaction, paging.After, paging.Fetch),
            cancellationToken);
        return Answer.Ok(paging.Page([.. rows.Select(row => row.Client)], client => client.Id));
    }
}
