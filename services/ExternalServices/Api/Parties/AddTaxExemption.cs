using Npgsql;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Parties;

/// <summary>Frees a customer from the tax of its own country; invoices say why.</summary>
public static class AddTaxExemption
{
    public sealed record Request
    {
        /// <summary>As it stands on invoices.</summary>
        public required string Reason { get; init; }

        /// <summary>Code of the VATEX list, for example <c>VATEX-EU-132</c>.</summary>
        public string? ReasonCode { get; init; }

        /// <summary>First day on which it holds.</summary>
        public required DateOnly From { get; init; }

        /// <summary>First day on which it no longer holds; left out while it does.</summary>
        public DateOnly? To { get; init; }
    }

    public static Task<IResult> Handle(
        string code, Request body, Caller caller, Once once, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Add(transaction, code, body, caller.Subject),
            exemption => Answer.Created($"/external/v1/customers/{code}/tax-exemptions/{exemption.Id}", exemption),
            cancellationToken);

    private static async Task<Outcome<TaxExemptionEntry>> Add(
        Transaction transaction, string code, Request body, string subject)
    {
        var fields = new Fields()
            .Text("/reason", body.Reason)
            .ReasonCode(body.ReasonCode)
            .Check("/to", body.To is null || body.To > body.From, "ends-before-start", "It ends after its start.");
        if (fields.Refusal is { } refusal) return refusal;
        if (!await transaction.Scalar<bool>(CustomerExists, new { Code = code }))
        {
            return Refusal.NotFound("customer", code);
        }

        try
        {
            return await transaction.Single<TaxExemptionEntry>(
                Insert,
                new
                {
                    Id = Guid.CreateVersion7(transaction.Now),
                    Customer = code,
                    body.Reason,
                    body.ReasonCode,
                    body.From,
                    body.To,
                    transaction.Now,
                    Subject = subject,
                });
        }
        catch (PostgresException violation) when (violation.ConstraintName == "tax_exemptions_overlap")
        {
            return Refusal.Conflict(
                "tax-exemption-overlaps", $"Another exemption of {code} holds on some of these days.");
        }
    }

    private const string CustomerExists = "select exists (select from parties.customers where code = @Code)";

    private const string Insert = """
        insert into parties.tax_exemptions (
            id, customer, reason, reason_code, valid_from, valid_to, added_at, added_by)
        values (@Id, @Customer, @Reason, @ReasonCode, @From, @To, @Now, @Subject)
        returning id, customer, reason, reason_code, valid_from as from, valid_to as to
        """;
}
