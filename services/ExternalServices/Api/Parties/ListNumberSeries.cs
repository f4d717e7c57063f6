using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Parties;

public static class ListNumberSeries
{
    public static async Task<IResult> Handle(
        string code, Paging paging, Database database, CancellationToken cancellationToken) =>
        Answer.Of(
            await database.Read(Tenant.Provider, transaction => Read(transaction, code, paging), cancellationToken),
            Answer.Ok);

    private static async Task<Outcome<Page<NumberSeries>>> Read(Transaction transaction, string code, Paging paging)
    {
        if (!await transaction.Scalar<bool>(LegalEntityExists, new { Code = code }))
        {
            return Refusal.NotFound("legal-entity", code);
        }

        var series = await transaction.Query<NumberSeries>(Select, new { Code = code, paging.After, paging.Fetch });
        return paging.Page(series, last => last.Prefix);
    }

    private const string LegalEntityExists = "select exists (select from parties.legal_entities where code = @Code)";

    private const string Select = """
        select document_type, year, prefix, next_number, last_issue_date
        from parties.number_series
        where legal_entity = @Code and prefix > @After
        order by prefix
        limit @Fetch
        """;
}
