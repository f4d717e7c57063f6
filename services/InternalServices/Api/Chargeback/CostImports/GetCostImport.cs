using InternalServices.Domain.Chargeback.CostImports;
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

        var scopes = await transaction.Query<ScopeRow>(SelectScopes, new { Id = id });
        var conversions = await transaction.Query<ConversionRow>(SelectConversions, new { Id = id });
        var totals = await transaction.Query<TotalRow>(SelectTotals, new { Id = id });
        var rejections = await transaction.Query<CostImport.Rejection>(
            SelectRejections, new { Id = id, Fetch = CostImport.InlineRejections });
        return new CostImport
        {
            Id = row.Id,
            State = row.ReversedAt is not null ? CostImportState.Reversed
                : scopes.Count > 0 && scopes.All(scope => scope.ReplacedBy is not null) ? CostImportState.Replaced
                : CostImportState.Standing,
            ContentSha256 = Convert.ToHexStringLower(row.ContentSha256),
            FocusVersion = row.FocusVersion,
            MappingVersion = row.MappingVersion,
            RowsRead = row.RowsRead,
            RowsImported = row.RowsImported,
            RowsRejected = row.RowsRejected,
            Total = ExactMoney.Of(totals.Sum(total => total.Amount), row.Currency),
            Scopes = [.. scopes.Select(scope => scope.ToScope(row.Currency))],
            Conversions = [.. conversions.Select(conversion => conversion.ToConversion(row.Currency))],
            Totals = [.. totals.Select(total => total.ToPoolTotal(row.Currency))],
            Rejections = rejections,
            ImportedAt = row.ImportedAt,
            ReversedAt = row.ReversedAt,
        };
    }

    private sealed record Row
    {
        public required Guid Id { get; init; }

        public required byte[] ContentSha256 { get; init; }

        public required FocusVersion FocusVersion { get; init; }

        public required long MappingVersion { get; init; }

        public required Currency Currency { get; init; }

        public required long RowsRead { get; init; }

        public required long RowsImported { get; init; }

        public required long RowsRejected { get; init; }

        public required DateTimeOffset ImportedAt { get; init; }

        public DateTimeOffset? ReversedAt { get; init; }
    }

    private sealed record ScopeRow
    {
        public required string Provider { get; init; }

        public required string BillingAccount { get; init; }

        public required DateTimeOffset BillingPeriodStart { get; init; }

        public required long Rows { get; init; }

        public required decimal Amount { get; init; }

        public Guid? ReplacedBy { get; init; }

        public CostImport.Scope ToScope(Currency currency) => new()
        {
            Provider = Provider,
            BillingAccount = BillingAccount,
            BillingPeriodStart = BillingPeriodStart,
            Rows = Rows,
            Amount = ExactMoney.Of(Amount, currency),
            ReplacedBy = ReplacedBy,
        };
    }

    private sealed record ConversionRow
    {
        public required Period OriginMonth { get; init; }

        public required Currency OriginalCurrency { get; init; }

        public required decimal OriginalAmount { get; init; }

        public required DateOnly RateDay { get; init; }

        public required decimal Rate { get; init; }

        public required decimal Amount { get; init; }

        public CostImport.Conversion ToConversion(Currency currency) => new()
        {
            OriginMonth = OriginMonth,
            Original = ExactMoney.Of(OriginalAmount, OriginalCurrency),
            RateDay = RateDay,
            Rate = Rate,
            Amount = ExactMoney.Of(Amount, currency),
        };
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
        select id, content_sha256, focus_version, mapping_version, currency, rows_read, rows_imported, rows_rejected,
            imported_at, reversed_at
        from chargeback.cost_imports
        where id = @Id
        """;

    private const string SelectScopes = """
        select provider, billing_account, billing_period_start, rows, amount, replaced_by
        from chargeback.cost_import_scopes
        where import_id = @Id
        order by position
        """;

    private const string SelectConversions = """
        select origin_month, original_currency, sum(original_amount) as original_amount, rate_day,
            trim_scale(rate) as rate, sum(amount) as amount
        from chargeback.cost_entries
        where import_id = @Id and reverses is null and rate is not null
        group by origin_month, original_currency, rate_day, rate
        order by origin_month, original_currency
        """;

    private const string SelectTotals = """
        select month, origin_month, pool_code as pool, sum(rows)::bigint as rows, sum(amount) as amount
        from chargeback.cost_entries
        where import_id = @Id and reverses is null
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
