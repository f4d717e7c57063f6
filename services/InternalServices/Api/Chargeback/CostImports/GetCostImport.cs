using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.CostImports;

public static class GetCostImport
{
    public static async Task<IResult> Handle(Guid id, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(Tenant.Provider, transaction => Load(transaction, id), cancellationToken),
            "cost-import",
            $"{id}");

    internal static async Task<CostImport?> Load(Transaction transaction, Guid id)
    {
        if (await transaction.SingleOrDefault<Row>(Select, new { Id = id }) is not { } row) return null;

        var totals = await transaction.Query<TotalRow>(SelectTotals, new { Id = id });
        var rejections = await transaction.Query<CostImport.Rejection>(
            SelectRejections, new { Id = id, Fetch = CostImport.InlineRejections });
        return new CostImport
        {
            Id = row.Id,
            ContentSha256 = Convert.ToHexStringLower(row.ContentSha256),
            MappingVersion = row.MappingVersion,
            RowsRead = row.RowsRead,
            RowsImported = row.RowsImported,
            RowsRejected = row.RowsRejected,
            Total = ExactMoney.Of(totals.Sum(total => total.Amount), row.Currency),
            Totals = [.. totals.Select(total => total.ToPoolTotal(row.Currency))],
            Rejections = rejections,
            ImportedAt = row.ImportedAt,
        };
    }

    private sealed record Row
    {
        public required Guid Id { get; init; }

        public required byte[] ContentSha256 { get; init; }

        public required long MappingVersion { get; init; }

        public required Currency Currency { get; init; }

        public required long RowsRead { get; init; }

        public required long RowsImported { get; init; }

        public required long RowsRejected { get; init; }

        public required DateTimeOffset ImportedAt { get; init; }
    }

    private sealed record TotalRow
    {
        public required Period Month { get; init; }

        public required Period OriginMonth { get; init; }

        public required string Pool { get; init; }

        public required long Rows { get; init; }

        public required decimal Amount { get; init; }

        public CostImport.PoolTotal ToPoolTotal(Currency currency) => new()
        {
            Month = Month,
            OriginMonth = OriginMonth,
            Pool = Pool,
            Rows = Rows,
            Amount = ExactMoney.Of(Amount, currency),
        };
    }

    private const string Select = """
        select id, content_sha256, mapping_version, currency, rows_read, rows_imported, rows_rejected, imported_at
        from chargeback.cost_imports
        where id = @Id
        """;

    private const string SelectTotals = """
        select month, origin_month, pool_code as pool, sum(rows)::bigint as rows, sum(amount) as amount
        from chargeback.cost_entries
        where import_id = @Id
        group by month, origin_month, pool_code
        order by month, origin_month, pool_code
        """;

    private const string SelectRejections = """
        select line, column_name as column, code, detail
        from chargeback.cost_import_rejections
        where import_id = @Id
        order by position
        limit @Fetch
        """;
}
