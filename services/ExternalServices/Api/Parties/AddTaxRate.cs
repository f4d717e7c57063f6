using ExternalServices.Domain.Tax;
using Npgsql;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Parties;

/// <summary>Records a country's rate; a later rate follows one that has an end.</summary>
public static class AddTaxRate
{
    private const int HighestPercent = 100;
    private const int Decimals = 3;

    public sealed record Request
    {
        /// <summary>ISO 3166-1 alpha-2.</summary>
        public required string Country { get; init; }

        /// <summary>
        /// <c>S</c> for what is taxed, <c>Z</c> for what is taxed at zero, <c>E</c> for what is exempt; other
        /// categories follow from the countries of seller and buyer and have no rate.
        /// </summary>
        public required TaxCategory Category { get; init; }

        /// <summary>
        /// Which charges are taxed at it; left out: <c>standard</c>, or the class that the category has.
        /// </summary>
        public TaxClass? Class { get; init; }

        /// <summary>In percent, at most three decimals; 0 in other categories than <c>S</c>.</summary>
        public required decimal Rate { get; init; }

        /// <summary>First day in force.</summary>
        public required DateOnly From { get; init; }

        /// <summary>First day no longer in force; left out while it is.</summary>
        public DateOnly? To { get; init; }

        /// <summary>Why it is exempt, as it stands on invoices; needed for what is exempt alone.</summary>
        public string? Reason { get; init; }

        /// <summary>Code of the VATEX list for it, for example <c>VATEX-EU-132-1I</c>.</summary>
        public string? ReasonCode { get; init; }

        internal TaxClass Taxes => Class ?? Category switch
        {
            TaxCategory.Z => TaxClass.Zero,
            TaxCategory.E => TaxClass.Exempt,
            _ => TaxClass.Standard,
        };
    }

    public static Task<IResult> Handle(Request body, Once once, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Add(transaction, body),
            rate => Answer.Created($"/external/v1/tax-rates/{rate.Id}", rate),
            cancellationToken);

    private static async Task<Outcome<TaxRateEntry>> Add(Transaction transaction, Request body)
    {
        if (Check(body) is { } refusal) return refusal;

        var id = Guid.CreateVersion7(transaction.Now);
        try
        {
            return await transaction.Single<TaxRateEntry>(
                Insert,
                new
                {
                    Id = id,
                    body.Country,
                    body.Category,
                    Class = body.Taxes,
                    body.Rate,
                    body.From,
                    body.To,
                    body.Reason,
                    body.ReasonCode,
                });
        }
        catch (PostgresException violation) when (violation.ConstraintName == "tax_rates_overlap")
        {
            return Refusal.Conflict(
                "tax-rate-overlaps",
                $"A rate of {body.Country} for what is {body.Taxes} is in force on some of these days.");
        }
    }

    private static Refusal? Check(Request body)
    {
        var isExempt = body.Category == TaxCategory.E;
        var fields = new Fields()
            .Country("/country", body.Country)
            .Check(
                "/category",
                body.Category is TaxCategory.S or TaxCategory.Z or TaxCategory.E,
                "category-without-rate",
                "Rates are of the categories S, Z and E.")
            .Check(
                "/class",
                body.Class is not { } taxClass || taxClass.Category() == body.Category,
                "class-of-other-category",
                "A class has one category: zero is Z, exempt is E, all others are S.")
            .Range("/rate", body.Rate, 0, body.Category == TaxCategory.S ? HighestPercent : 0)
            .Check("/rate", body.Rate.Scale <= Decimals, "too-precise", $"A rate has at most {Decimals} decimals.")
            .Check("/to", body.To is null || body.To > body.From, "ends-before-start", "It ends after its start.")
            .Check("/reason", isExempt == (body.Reason is not null), "reason-of-exempt", "What is exempt has a reason.")
            .Check(
                "/reasonCode", isExempt || body.ReasonCode is null, "reason-of-exempt", "What is exempt has a reason.")
            .ReasonCode(body.ReasonCode);
        if (body.Reason is { } reason) fields.Text("/reason", reason);
        return fields.Refusal;
    }

    private const string Insert = """
        insert into parties.tax_rates (
            id, country, category, class, rate, valid_from, valid_to, reason, reason_code)
        values (@Id, @Country, @Category, @Class, @Rate, @From, @To, @Reason, @ReasonCode)
        returning id, country, category, class, trim_scale(rate) as rate, valid_from as from, valid_to as to, reason,
            reason_code
        """;
}
