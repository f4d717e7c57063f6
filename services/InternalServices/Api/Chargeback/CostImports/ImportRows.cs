using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.CostImports;

/// <summary>A file that was read, as it is stored.</summary>
internal sealed record ImportRows(FocusFile File, long MappingVersion, Currency Books, string Subject)
{
    private readonly KeyValuePair<CostTally.Destination, CostTally.Sum>[] _sums = [.. File.Tally.Sums];

    public async Task Insert(Transaction transaction, Guid id, bool supplement, OpenMonths months)
    {
        await transaction.Execute(
            InsertImport,
            new
            {
                Id = id,
                File.Sha256,
                File.Version,
                MappingVersion,
                Books,
                File.Tally.RowsRead,
                File.Tally.RowsRejected,
                Supplement = supplement,
                transaction.Now,
                Subject,
            });
        await InsertEntries(transaction, id, await InsertScopes(transaction, id), months);
        await InsertRejections(transaction, id);
    }

    private async Task<Dictionary<CostTally.Scope, int>> InsertScopes(Transaction transaction, Guid id)
    {
        var scopes = _sums.GroupBy(sum => sum.Key.Scope).ToArray();
        await transaction.Execute(
            InsertScope,
            new
            {
                Id = id,
                Providers = Array.ConvertAll(scopes, scope => scope.Key.Provider),
                Accounts = Array.ConvertAll(scopes, scope => scope.Key.BillingAccount),
                Starts = Array.ConvertAll(scopes, scope => scope.Key.BillingPeriodStart),
                Rows = Array.ConvertAll(scopes, scope => scope.Sum(sum => sum.Value.Rows)),
                Amounts = Array.ConvertAll(scopes, scope => scope.Sum(sum => sum.Key.Booked(sum.Value))),
            });
        return scopes.Select((scope, index) => (scope.Key, Position: index + 1))
            .ToDictionary(scope => scope.Key, scope => scope.Position);
    }

    private async Task InsertEntries(
        Transaction transaction, Guid id, Dictionary<CostTally.Scope, int> positions, OpenMonths months)
    {
        var landings = Array.ConvertAll(_sums, sum => months.LandingOf(sum.Key.Month));
        await months.Begin(transaction, landings);
        await transaction.Execute(
            InsertEntry,
            new
            {
                Import = id,
                Ids = Array.ConvertAll(_sums, _ => Guid.CreateVersion7(transaction.Now)),
                Scopes = Array.ConvertAll(_sums, sum => positions[sum.Key.Scope]),
                Months = landings,
                OriginMonths = Array.ConvertAll(_sums, sum => sum.Key.Month),
                Pools = Array.ConvertAll(_sums, sum => sum.Key.Pool),
                Kinds = Array.ConvertAll(_sums, sum => sum.Key.Kind),
                Departments = Array.ConvertAll(_sums, sum => sum.Key.Department),
                Customers = Array.ConvertAll(_sums, sum => sum.Key.Customer),
                Amounts = Array.ConvertAll(_sums, sum => sum.Key.Booked(sum.Value)),
                Rows = Array.ConvertAll(_sums, sum => sum.Value.Rows),
                Currencies = Array.ConvertAll(_sums, sum => sum.Key.Rate?.Currency),
                Originals = Array.ConvertAll(_sums, sum => sum.Key.Rate is null ? (decimal?)null : sum.Value.Amount),
                Rates = Array.ConvertAll(_sums, sum => sum.Key.Rate?.Rate),
                RateDays = Array.ConvertAll(_sums, sum => sum.Key.Rate?.Day),
                transaction.Now,
                Subject,
            });
    }

    private Task<int> InsertRejections(Transaction transaction, Guid id) => transaction.Execute(
        InsertRejection,
        new
        {
            Id = id,
            Lines = File.Tally.Rejections.Select(rejection => rejection.Line).ToArray(),
            Columns = File.Tally.Rejections.Select(rejection => rejection.Column).ToArray(),
            Codes = File.Tally.Rejections.Select(rejection => rejection.Code).ToArray(),
            Details = File.Tally.Rejections.Select(rejection => rejection.Detail).ToArray(),
        });

    private const string InsertImport = """
        insert into chargeback.cost_imports (
            id, content_sha256, focus_version, mapping_version, currency, rows_read, rows_imported, rows_rejected,
            supplement, imported_at, imported_by)
        values (
            @Id, @Sha256, @Version, @MappingVersion, @Books, @RowsRead, @RowsRead - @RowsRejected, @RowsRejected,
            @Supplement, @Now, @Subject)
        """;

    private const string InsertScope = """
        insert into chargeback.cost_import_scopes (
            import_id, position, provider, billing_account, billing_period_start, rows, amount)
        select @Id, position, provider, account, start, rows, amount
        from unnest(@Providers, @Accounts, @Starts, @Rows, @Amounts)
            with ordinality as scope (provider, account, start, rows, amount, position)
        """;

    private const string InsertEntry = """
        insert into chargeback.cost_entries (
            id, month, origin_month, pool_code, kind, department_code, customer_code, amount, rows, reference,
            import_id, import_scope, original_currency, original_amount, rate, rate_day, recorded_at, recorded_by)
        select id, month, origin_month, pool, kind, department, customer, amount, rows, @Import || '/' || number,
            @Import, scope, currency, original, rate, rate_day, @Now, @Subject
        from unnest(
            @Ids, @Scopes, @Months, @OriginMonths, @Pools, @Kinds, @Departments, @Customers, @Amounts, @Rows,
            @Currencies, @Originals, @Rates, @RateDays)
            with ordinality as sum (
                id, scope, month, origin_month, pool, kind, department, customer, amount, rows, currency, original,
                rate, rate_day, number)
        """;

    private const string InsertRejection = """
        insert into chargeback.cost_import_rejections (import_id, position, line, column_name, code, detail)
        select @Id, number, line, column_name, code, detail
        from unnest(@Lines, @Columns, @Codes, @Details)
            with ordinality as rejection (line, column_name, code, detail, number)
        """;
}
