using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Parties;

public static class GetCustomer
{
    public static async Task<IResult> Handle(
        string code, Caller caller, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(caller.Tenant, transaction => Read(transaction, code), cancellationToken),
            "customer",
            code,
            customer => customer.Version);

    private static async Task<Customer?> Read(Transaction transaction, string code) =>
        (await transaction.SingleOrDefault<CustomerRow>(Select, new { Code = code }))?.ToCustomer();

    private const string Select = """
        select code, legal_entity, name, street, city, postal_code, country, vat_id, email, currency, zone, language,
            payment_terms_days, version, created_at, changed_at
        from parties.current_customers
        where code = @Code
        """;
}
