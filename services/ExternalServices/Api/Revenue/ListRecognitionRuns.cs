using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Revenue;

public static class ListRecognitionRuns
{
    public static async Task<Page<RecognitionRun>> Handle(
        string? legalEntity, Period? month, Paging paging, Database database, CancellationToken cancellationToken) =>
        paging.Page(
            await database.Read(
                Tenant.Provider,
                async transaction => await RunRow.WithAmounts(
                    transaction,
                    await transaction.Query<RunRow>(
                        Select, new { LegalEntity = legalEntity, Month = month, paging.After, paging.Fetch })),
                cancellationToken),
            run => $"{run.Id}");

    private const string Select = """
        select id, legal_entity, month, lines, created_at, created_by
        from revenue.runs
        where (@LegalEntity is null or legal_entity = @LegalEntity)
            and (@Month::date is null or month = @Month)
            and (@After = '' or id > nullif(@After, '')::uuid)
        order by id
        limit @Fetch
        """;
}
