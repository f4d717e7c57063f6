using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;

namespace InternalServices.Api.Chargeback.Costs;

public static class ListCostPools
{
    public static async Task<Page<CostPool>> Handle(
        Paging paging, Database database, CancellationToken cancellationToken) =>
        paging.Page(
            await database.Read(
                Tenant.Provider,
                transaction => transaction.Query<CostPool>(Select, new { paging.After, paging.Fetch }),
                cancellationToken),
            pool => pool.Code);

    private const string Select = """
        select code, name, kind, service_code as service, version, created_at, changed_at
        from chargeback.cost_pools
        where code > @After
        order by code
        limit @Fetch
        """;
}
