using System.Globalization;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.CostImports;

public static class ListRejections
{
    public static async Task<IResult> Handle(
        Guid id, Paging paging, Database database, CancellationToken cancellationToken)
    {
        var after = int.TryParse(paging.After, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? position
            : 0;
        var (known, rejections) = await database.Read(
            Tenant.Provider,
            async transaction => (
                await transaction.Scalar<bool>(ImportExists, new { Id = id }),
                await transaction.Query<CostImport.Rejection>(Select, new { Id = id, After = after, paging.Fetch })),
            cancellationToken);
        return known
            ? Answer.Ok(paging.Page(rejections, _ => $"{after + paging.Limit}"))
            : Problem.Of(Refusal.NotFound("cost-import", $"{id}"));
    }

    private const string ImportExists = "select exists (select from chargeback.cost_imports where id = @Id)";

    private const string Select = """
        select line, column_name as column, code, detail
        from chargeback.cost_import_rejections
        where import_id = @Id and position > @After
        order by position
        limit @Fetch
        """;
}
