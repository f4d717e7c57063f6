using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Contracts;

public static class ListPlans
{
    public static async Task<Page<Plan>> Handle(
        Paging paging, Caller caller, Database database, CancellationToken cancellationToken) =>
        paging.Page(
            await database.Read(
                caller.Tenant,
                transaction => transaction.Query<Plan>(Select, new { paging.After, paging.Fetch }),
                cancellationToken),
            plan => plan.Code);

    private const string Select = """
        select code, name, currency,
            (select max(version) from contracts.plan_versions v where v.plan = code and v.state = 'published')
                as published_version,
            created_at
        from contracts.plans
        where code > @After
        order by code
        limit @Fetch
        """;
}
