using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;

namespace ExternalServices.Api.Revenue;

public static class GetRecognitionRun
{
    public static async Task<IResult> Handle(Guid id, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(Tenant.Provider, transaction => Read(transaction, id), cancellationToken),
            "recognition-run",
            $"{id}");

    internal static async Task<RecognitionRun?> Read(Transaction transaction, Guid id) =>
        (await RunRow.WithAmounts(transaction, await transaction.Query<RunRow>(Select, new { Id = id })))
            .SingleOrDefault();

    private const string Select = """
        select id, legal_entity, month, lines, created_at, created_by from revenue.runs where id = @Id
        """;
}
