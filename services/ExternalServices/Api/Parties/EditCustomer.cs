using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Parties;

/// <summary>Changes a customer's details; documents that exist keep the ones they were made with.</summary>
public static class EditCustomer
{
    public sealed record Request
    {
        public required string Name { get; init; }

        public required Address Address { get; init; }

        /// <summary>ISO 3166-1 alpha-2.</summary>
        public required string Country { get; init; }

        /// <summary>With its country's prefix.</summary>
        public required string? VatId { get; init; }

        public required string? Email { get; init; }

        public required Language Language { get; init; }

        /// <summary>0 to 365.</summary>
        public required int PaymentTermsDays { get; init; }
    }

    public static async Task<IResult> Handle(
        string code, Request body, IfMatch ifMatch, Database database, CancellationToken cancellationToken) =>
        Answer.Of(
            await database.InTransaction(
                Tenant.Provider, transaction => Edit(transaction, code, body, ifMatch), cancellationToken),
            customer => Answer.Ok(customer) with { Version = customer.Version });

    private static async Task<Outcome<Customer>> Edit(
        Transaction transaction, string code, Request body, IfMatch ifMatch)
    {
        var fields = new Fields()
            .Text("/name", body.Name)
            .Address(body.Address)
            .Country("/country", body.Country)
            .VatId(body.Country, body.VatId)
            .Email(body.Email)
            .Range("/paymentTermsDays", body.PaymentTermsDays, 0, RegisterCustomer.MaxPaymentTermsDays);
        if (fields.Refusal is { } refusal) return refusal;
        if (await transaction.SingleOrDefault<int?>(SelectForUpdate, new { Code = code }) is not { } version)
        {
            return Refusal.NotFound("customer", code);
        }

        if (ifMatch.Check(version) is { } stale) return stale;
        await transaction.Execute(AddVersion, Columns(code, version + 1, body, transaction.Now));
        return (await transaction.Single<CustomerRow>(Select, new { Code = code })).ToCustomer();
    }

    private static object Columns(string code, int version, Request body, DateTimeOffset now) => new
    {
        Code = code,
        Version = version,
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

    private const string SelectForUpdate = "select version from parties.customers where code = @Code for update";

    private const string AddVersion = """
        with changed as (
            update parties.customers
            set language = @Language, payment_terms_days = @PaymentTermsDays, version = @Version
            where code = @Code
        )
        insert into parties.customer_details (
            customer, version, name, street, city, postal_code, country, vat_id, email, changed_at)
        values (@Code, @Version, @Name, @Street, @City, @PostalCode, @Country, @VatId, @Email, @Now)
        """;

    private const string Select = """
        select code, legal_entity, name, street, city, postal_code, country, vat_id, email, currency, zone, language,
            payment_terms_days, version, created_at, changed_at
        from parties.current_customers
        where code = @Code
        """;
}
