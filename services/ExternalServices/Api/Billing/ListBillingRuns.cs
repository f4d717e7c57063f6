using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;

namespace ExternalServices.Api.Billing;

public static class ListBillingRuns
{
    public static async Task<Page<BillingRun>> Handle(
        Paging paging, Database database, CancellationToken cancellationToken) =>
        paging.Page(
            await database.Read(
                Tenant.Provider,
                transaction => transaction.Query<BillingRun>(Select, new { paging.After, paging.Fetch }),
                cancellationToken),
            run => $"{run.Id}");

    private const string Select = """
        select id, month, scope, scope_code, finalizes, grace_hours, state, contracts_total, contracts_done, invoices,
            failures, created_at, created_by, completed_at
        from billing.runs
        where @After = '' or id < nullif(@After, '')::uuid
        order by id desc
        limit @Fetch
        """;
}
