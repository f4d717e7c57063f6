using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Parties;

public static class ListLegalEntities
{
    public static async Task<Page<LegalEntity>> Handle(
        Paging paging, Caller caller, Database database, CancellationToken cancellationToken)
    {
        var rows = await database.Read(
            caller.Tenant,
            transaction => transaction.Query<LegalEntityRow>(Select, new { paging.After, paging.Fetch }),
            cancellationToken);
        return paging.Page([.. rows.Select(row => row.ToLegalEntity())], entity => entity.Code);
    }

    private const string Select = """
        select code, name, street, city, postal_code, country, vat_id, currency, zone, version, created_at, changed_at
        from parties.current_legal_entities
        where code > @After
        order by code
        limit @Fetch
        """;
}
