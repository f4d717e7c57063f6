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

        /// <summary>Domestic supplies are taxed at the rate of category <c>S</c>.</summary>
        public required TaxCategory Category { get; init; }

        /// <summary>In percent, at most three decimals.</summary>
        public required decimal Rate { get; init; }

        /// <summary>First day in force.</summary>
        public required DateOnly From { get; init; }

        /// <summary>First day no longer in force; left out while it is.</summary>
        public DateOnly? To { get; init; }
    }

    public static Task<IResult> Handle(Request body, Once once, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Add(transaction, body),
            rate => Answer.Created($"/external/v1/tax-rates/{rate.Id}", rate),
            cancellationToken);

    private static async Task<Outcome<TaxRateEntry>> Add(Transaction transaction, Request body)
    {
        var fields = new Fields()
            .Country("/country", body.Country)
            .Range("/rate", body.Rate, 0, HighestPercent)
            .Check("/rate", body.Rate.Scale <= Decimals, "too-precise", $"A rate has at most {Decimals} decimals.")
            .Check("/to", body.To is null || body.To > body.From, "ends-before-start", "It ends after its start.");
        if (fields.Refusal is { } refusal) return refusal;

        var id = Guid.CreateVersion7(transaction.Now);
        try
        {
            return await transaction.Single<TaxRateEntry>(
                Insert, new { Id = id, body.Country, body.Category, body.Rate, body.From, body.To });
        }
        catch (PostgresException violation) when (violation.ConstraintName == "tax_rates_overlap")
        {
            return Refusal.Conflict(
                "tax-rate-overlaps",
                $"A rate of {body.Country} and category {body.Category} is in force on some of these days.");
        }
    }

    private const string Insert = """
        insert into parties.tax_rates (id, country, category, rate, valid_from, valid_to)
        values (@Id, @Country, @Category, @Rate, @From, @To)
        returning id, country, category, trim_scale(rate) as rate, valid_from as from, valid_to as to
        """;
}
