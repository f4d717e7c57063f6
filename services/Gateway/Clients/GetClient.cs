using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace Gateway.Clients;

internal static class GetClient
{
    public static async Task<IResult> Handle(string id, Database database, CancellationToken cancellationToken) =>
        Answered(
            await database.Read(Tenant.Provider, transaction => ClientRows.Find(transaction, id), cancellationToken),
            id);

    public static IResult Answered(ClientRows.Versioned? found, string id) => found is null
        ? Problem.Of(Refusal.NotFound("client", id))
        : Answer.Ok(found.Client) with { Version = found.Version };
}
