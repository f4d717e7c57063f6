using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Parties;

/// <summary>Adds a company that invoices.</summary>
public static class RegisterLegalEntity
{
    public sealed record Request
    {
        /// <summary>Names it for ever, for example <c>NORTHWIND-ES</c>.</summary>
        public required string Code { get; init; }

        public required string Name { get; init; }

        public required Address Address { get; init; }

        /// <summary>ISO 3166-1 alpha-2.</summary>
        public required string Country { get; init; }

        /// <summary>With its country's prefix, for example <c>ESB12345678</c>.</summary>
        public string? VatId { get; init; }

        /// <summary>The currency of its books; it never changes.</summary>
        public required Currency Currency { get; init; }

        /// <summary>IANA, for example <c>Europe/Madrid</c>; it never changes.</summary>
        public required string Zone { get; init; }
    }

    public static Task<IResult> Handle(Request body, Once once, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Register(transaction, body),
            entity => Answer.Created($"/external/v1/legal-entities/{entity.Code}", entity) with
            {
                Version = entity.Version,
            },
            cancellationToken);

    private static async Task<Outcome<LegalEntity>> Register(Transaction transaction, Request body)
    {
        var fields = new Fields()
            .Code("/code", body.Code)
            .Text("/name", body.Name)
            .Address(body.Address)
            .Country("/country", body.Country)
            .VatId(body.Country, body.VatId)
            .Zone(body.Zone);
        if (fields.Refusal is { } refusal) return refusal;

        var added = await transaction.Execute(
            Insert,
            new
            {
                body.Code,
                body.Currency,
                body.Zone,
                body.Name,
                body.Address.Street,
                body.Address.City,
                body.Address.PostalCode,
                body.Country,
                body.VatId,
                transaction.Now,
            });
        return added == 0
            ? Refusal.Conflict("legal-entity-exists", $"There is a legal entity '{body.Code}' already.")
            : (await transaction.Single<LegalEntityRow>(Select, new { body.Code })).ToLegalEntity();
    }

    private const string Insert = """
        with added as (
            insert into parties.legal_entities (code, currency, zone, version, created_at)
            values (@Code, @Currency, @Zone, 1, @Now)
            on conflict (code) do nothing
            returning code
        )
        insert into parties.legal_entity_details (
            legal_entity, version, name, street, city, postal_code, country, vat_id, changed_at)
        select code, 1, @Name, @Street, @City, @PostalCode, @Country, @VatId, @Now from added
        """;

    private const string Select = """
        select code, name, street, city, postal_code, country, vat_id, currency, zone, version, created_at, changed_at
        from parties.current_legal_entities
        where code = @Code
        """;
}
