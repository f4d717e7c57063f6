using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;

namespace ExternalServices.Api.Billing;

public static class GetBillingRun
{
    public static async Task<IResult> Handle(Guid id, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(
                Tenant.Provider,
                transaction => transaction.SingleOrDefault<BillingRun>(Select, new { Id = id }),
                cancellationToken),
            "billing-run",
            $"{id}");

    private const string Select = """
        select id, month, scope, scope_code, finalizes, grace_hours, state, contracts_total, contracts_done, invoices,
            failures, created_at, created_by, completed_at
        from billing.runs
        where id = @Id
        """;
}
