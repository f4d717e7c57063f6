using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Parties;

/// <summary>Adds an external customer.</summary>
public static class RegisterCustomer
{
    /// <summary>A year: longer terms are loans.</summary>
    internal const int MaxPaymentTermsDays = 365;

    public sealed record Request
    {
        /// <summary>Names the customer for ever, for example <c>ACME</c>; its tokens carry it.</summary>
        public required string Code { get; init; }

        /// <summary>Code of the legal entity that invoices it; it never changes.</summary>
        public required string LegalEntity { get; init; }

        public required string Name { get; init; }

        public required Address Address { get; init; }

        /// <summary>ISO 3166-1 alpha-2.</summary>
        public required string Country { get; init; }

        /// <summary>With its country's prefix; without one it is taxed like a private buyer.</summary>
        public string? VatId { get; init; }

        public string? Email { get; init; }

        /// <summary>Its contracts and invoices are in this currency; it never changes.</summary>
        public required Currency Currency { get; init; }

        /// <summary>IANA; billing days are days there. It never changes.</summary>
        public required string Zone { get; init; }

        public required Language Language { get; init; }

        /// <summary>0 to 365.</summary>
        public required int PaymentTermsDays { get; init; }
    }

    public static Task<IResult> Handle(Request body, Once once, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Register(transaction, body),
            customer => Answer.Created($"/external/v1/customers/{customer.Code}", customer) with
            {
                Version = customer.Version,
            },
            cancellationToken);

    private static async Task<Outcome<Customer>> Register(Transaction transaction, Request body)
    {
        var fields = new Fields()
            .Code("/code", body.Code)
            .Text("/name", body.Name)
            .Address(body.Address)
            .Country("/country", body.Country)
            .VatId(body.Country, body.VatId)
            .Email(body.Email)
            .Zone(body.Zone)
            .Range("/paymentTermsDays", body.PaymentTermsDays, 0, MaxPaymentTermsDays);
        if (fields.Refusal is { } refusal) return refusal;
        if (!await transaction.Scalar<bool>(LegalEntityExists, new { body.LegalEntity }))
        {
            return Refusal.Rejected(
                "legal-entity-not-found", $"There is no legal entity '{body.LegalEntity}'.", "/legalEntity");
        }

        return await transaction.Execute(Insert, Columns(body, transaction.Now)) == 0
            ? Refusal.Conflict("customer-exists", $"There is a customer '{body.Code}' already.")
            : (await transaction.Single<CustomerRow>(Select, new { body.Code })).ToCustomer();
    }

    private static object Columns(Request body, DateTimeOffset now) => new
    {
        body.Code,
        body.LegalEntity,
        body.Currency,
        body.Zone,
        body.Language,
        body.PaymentTermsDays,
        body.Name,
        body.Address.Street,
        body.Address.City,
        body.Address.PostalCode,
        body.Country,
        body.VatId,
        body.Email,
        Now = now,
    };

    private const string LegalEntityExists =
        "select exists (select from parties.legal_entities where code = @LegalEntity)";

    private const string Insert = """
        with added as (
            insert into parties.customers (
                code, legal_entity, currency, zone, language, payment_terms_days, version, created_at)
            values (@Code, @LegalEntity, @Currency, @Zone, @Language, @PaymentTermsDays, 1, @Now)
            on conflict (code) do nothing
            returning code
        )
        insert into parties.customer_details (
            customer, version, name, street, city, postal_code, country, vat_id, email, changed_at)
        select code, 1, @Name, @Street, @City, @PostalCode, @Country, @VatId, @Email, @Now from added
        """;

    private const string Select = """
        select code, legal_entity, name, street, city, postal_code, country, vat_id, email, currency, zone, language,
            payment_terms_days, version, created_at, changed_at
        from parties.current_customers
        where code = @Code
        """;
}
