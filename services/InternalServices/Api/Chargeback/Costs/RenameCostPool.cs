using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Costs;

/// <summary>Code, kind and service stay: posted runs refer to them.</summary>
public static class RenameCostPool
{
    public sealed record Request
    {
        public required string Name { get; init; }
    }

    public static async Task<IResult> Handle(
        string code, Request body, IfMatch ifMatch, Database database, CancellationToken cancellationToken) =>
        Answer.Of(
            await database.InTransaction(
                Tenant.Provider, transaction => Rename(transaction, code, body, ifMatch), cancellationToken),
            pool => Answer.Ok(pool) with { Version = pool.Version });

    private static async Task<Outcome<CostPool>> Rename(
        Transaction transaction, string code, Request body, IfMatch ifMatch)
    {
        if (new Fields().Text("/name", body.Name).Refusal is { } refusal) return refusal;
        if (await transaction.SingleOrDefault<long?>(SelectForUpdate, new { Code = code }) is not { } version)
        {
            return Refusal.NotFound("cost-pool", code);
        }

        if (ifMatch.Check(version) is { } stale) return stale;
        return await transaction.Single<CostPool>(Update, new { Code = code, body.Name, transaction.Now });
    }

    private const string SelectForUpdate = "select version from chargeback.cost_pools where code = @Code for update";

    private const string Update = """
        update chargeback.cost_pools
        set name = @Name, version = version + 1, changed_at = @Now
        where code = @Code
        returning code, name, kind, service_code as service, version, created_at, changed_at
        """;
}
