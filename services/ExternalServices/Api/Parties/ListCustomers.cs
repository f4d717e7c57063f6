using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Parties;

public static class ListCustomers
{
    public static async Task<Page<Customer>> Handle(
        Paging paging, Caller caller, Database database, CancellationToken cancellationToken)
    {
        var rows = await database.Read(
            caller.Tenant,
            transaction => transaction.Query<CustomerRow>(Select, new { paging.After, paging.Fetch }),
            cancellationToken);
        return paging.Page([.. rows.Select(row => row.ToCustomer())], customer => customer.Code);
    }

    private const string Select = """
        select code, legal_entity, name, street, city, postal_code, country, vat_id, email, currency, zone, language,
            payment_terms_days, version, created_at, changed_at
        from parties.current_customers
        where code > @After
        order by code
        limit @Fetch
        """;
}
