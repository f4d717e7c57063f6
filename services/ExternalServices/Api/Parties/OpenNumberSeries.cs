using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Parties;

/// <summary>Says how a year's documents are numbered, before the first of them is issued.</summary>
public static class OpenNumberSeries
{
    private const int MaxPrefixLength = 24;
    private const int FirstYear = 1990;
    private const int LastYear = 2199;
    private const long HighestFirstNumber = 999_999_999;

    public sealed record Request
    {
        public required DocumentType DocumentType { get; init; }

        public required int Year { get; init; }

        /// <summary>
        /// What every number begins with, for example <c>NW-2026-</c>; no two series of a legal entity share it.
        /// </summary>
        public required string Prefix { get; init; }

        /// <summary>Another than 1 continues the series of a system that was used before.</summary>
        public long FirstNumber { get; init; } = 1;
    }

    public static Task<IResult> Handle(string code, Request body, Once once, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Open(transaction, code, body),
            series => Answer.Created($"/external/v1/legal-entities/{code}/number-series", series),
            cancellationToken);

    private static async Task<Outcome<NumberSeries>> Open(Transaction transaction, string code, Request body)
    {
        var fields = new Fields()
            .Text("/prefix", body.Prefix, MaxPrefixLength)
            .Range("/year", body.Year, FirstYear, LastYear)
            .Range("/firstNumber", body.FirstNumber, 1, HighestFirstNumber);
        if (fields.Refusal is { } refusal) return refusal;
        if (!await transaction.Scalar<bool>(LegalEntityExists, new { Code = code }))
        {
            return Refusal.NotFound("legal-entity", code);
        }

        if (TakenNumbers.SeriesOf(body.Prefix, code) is { } usual && usual != (body.DocumentType, body.Year))
        {
            return Refusal.Rejected(
                "prefix-reserved", $"'{body.Prefix}' is what another series of {code} begins with.", "/prefix");
        }

        return await transaction.SingleOrDefault<NumberSeries>(
            Insert, new { Code = code, body.DocumentType, body.Year, body.Prefix, body.FirstNumber }) is { } series
                ? series
                : Refusal.Conflict(
                    "number-series-exists",
                    $"{code} has this series, or another one with the prefix '{body.Prefix}', already.");
    }

    private const string LegalEntityExists = "select exists (select from parties.legal_entities where code = @Code)";

    private const string Insert = """
        insert into parties.number_series (legal_entity, document_type, year, prefix, first_number, next_number)
        values (@Code, @DocumentType, @Year, @Prefix, @FirstNumber, @FirstNumber)
        on conflict do nothing
        returning document_type, year, prefix, next_number, last_issue_date
        """;
}
