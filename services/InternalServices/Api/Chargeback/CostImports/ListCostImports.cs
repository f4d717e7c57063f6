using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;

namespace InternalServices.Api.Chargeback.CostImports;

/// <summary>The imports, the latest first.</summary>
public static class ListCostImports
{
    /// <summary>An import without its totals and rejections.</summary>
    public sealed record Summary
    {
        public required Guid Id { get; init; }

        public required CostImportState State { get; init; }

        public required long MappingVersion { get; init; }

        public required long RowsRead { get; init; }

        public required long RowsImported { get; init; }

        public required long RowsRejected { get; init; }

        public required DateTimeOffset ImportedAt { get; init; }
    }

    public static async Task<Page<Summary>> Handle(
        Paging paging, Database database, CancellationToken cancellationToken)
    {
        var before = Guid.TryParse(paging.After, out var id) ? id : Guid.AllBitsSet;
        return paging.Page(
            await database.Read(
                Tenant.Provider,
                transaction => transaction.Query<Summary>(Select, new { Before = before, paging.Fetch }),
                cancellationToken),
            import => $"{import.Id}");
    }

    private const string Select = """
        select id, mapping_version, rows_read, rows_imported, rows_rejected, imported_at,
            case when reversed_at is not null then 'reversed'
                when rows_imported > 0 and not exists (
                    select from chargeback.cost_import_scopes scope
                    where scope.import_id = cost_imports.id and scope.replaced_by is null) then 'replaced'
                else 'standing' end as state
        from chargeback.cost_imports
        where id < @Before
        order by id desc
        limit @Fetch
        """;
}
