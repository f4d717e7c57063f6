using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Contracts;

public static class ListContracts
{
    public static async Task<Page<Contract>> Handle(
        string? customer, Paging paging, Caller caller, Database database, CancellationToken cancellationToken)
    {
        var rows = await database.Read(
            caller.Tenant,
            transaction => transaction.Query<ContractRow>(
                Select, new { Customer = customer, paging.After, paging.Fetch }),
            cancellationToken);
        return paging.Page([.. rows.Select(row => row.ToContract())], contract => contract.Code);
    }

    private const string Select = """
        select code, customer, legal_entity, plan, plan_version, currency, start_date as start, end_date as end,
            anchor_date as anchor, agreed::text as agreed, version, signed_at
        from contracts.contracts
        where (@Customer is null or customer = @Customer) and code > @After
        order by code
        limit @Fetch
        """;
}
