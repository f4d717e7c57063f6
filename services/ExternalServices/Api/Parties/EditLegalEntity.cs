using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Parties;

/// <summary>Changes what a legal entity's documents say of it from now on.</summary>
public static class EditLegalEntity
{
    public sealed record Request
    {
        public required string Name { get; init; }

        public required Address Address { get; init; }

        /// <summary>ISO 3166-1 alpha-2.</summary>
        public required string Country { get; init; }

        /// <summary>With its country's prefix.</summary>
        public required string? VatId { get; init; }
    }

    public static async Task<IResult> Handle(
        string code, Request body, IfMatch ifMatch, Database database, CancellationToken cancellationToken) =>
        Answer.Of(
            await database.InTransaction(
                Tenant.Provider, transaction => Edit(transaction, code, body, ifMatch), cancellationToken),
            entity => Answer.Ok(entity) with { Version = entity.Version });

    private static async Task<Outcome<LegalEntity>> Edit(
        Transaction transaction, string code, Request body, IfMatch ifMatch)
    {
        var fields = new Fields()
            .Text("/name", body.Name)
            .Address(body.Address)
            .Country("/country", body.Country)
            .VatId(body.Country, body.VatId);
        if (fields.Refusal is { } refusal) return refusal;
        if (await transaction.SingleOrDefault<int?>(SelectForUpdate, new { Code = code }) is not { } version)
        {
            return Refusal.NotFound("legal-entity", code);
        }

        if (ifMatch.Check(version) is { } stale) return stale;
        await transaction.Execute(
            AddVersion,
            new
            {
                Code = code,
                Version = version + 1,
                body.Name,
                body.Address.Street,
                body.Address.City,
                body.Address.PostalCode,
                body.Country,
                body.VatId,
                transaction.Now,
            });
        return (await transaction.Single<LegalEntityRow>(Select, new { Code = code })).ToLegalEntity();
    }

    private const string SelectForUpdate = "select version from parties.legal_entities where code = @Code for update";

    private const string AddVersion = """
        with changed as (
            update parties.legal_entities set version = @Version where code = @Code
        )
        insert into parties.legal_entity_details (
            legal_entity, version, name, street, city, postal_code, country, vat_id, changed_at)
        values (@Code, @Version, @Name, @Street, @City, @PostalCode, @Country, @VatId, @Now)
        """;

    private const string Select = """
        select code, name, street, city, postal_code, country, vat_id, currency, zone, version, created_at, changed_at
        from parties.current_legal_entities
        where code = @Code
        """;
}
