using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;

namespace InternalServices.Api.Chargeback.Costs;

public static class GetCostPool
{
    public static async Task<IResult> Handle(string code, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(
                Tenant.Provider,
                transaction => transaction.SingleOrDefault<CostPool>(Select, new { Code = code }),
                cancellationToken),
            "cost-pool",
            code,
            pool => pool.Version);

    private const string Select = """
        select code, name, kind, service_code as service, version, created_at, changed_at
        from chargeback.cost_pools
        where code = @Code
        """;
}
