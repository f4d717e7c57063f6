using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Parties;

public static class GetLegalEntity
{
    public static async Task<IResult> Handle(
        string code, Caller caller, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(caller.Tenant, transaction => Read(transaction, code), cancellationToken),
            "legal-entity",
            code,
            entity => entity.Version);

    private static async Task<LegalEntity?> Read(Transaction transaction, string code) =>
        (await transaction.SingleOrDefault<LegalEntityRow>(Select, new { Code = code }))?.ToLegalEntity();

    private const string Select = """
        select code, name, street, city, postal_code, country, vat_id, currency, zone, version, created_at, changed_at
        from parties.current_legal_entities
        where code = @Code
        """;
}
