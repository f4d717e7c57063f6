using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.CostImports;

/// <summary>Imports a FOCUS file: exact sums by month, pool and bearer; the rows themselves are not kept.</summary>
public static class ImportCosts
{
    public const long MaxFileBytes = 2L * 1024 * 1024 * 1024;

    public static async Task<IResult> Handle(
        HttpRequest request,
        Caller caller,
        Database database,
        ProviderOptions provider,
        CancellationToken cancellationToken)
    {
        var rules = await database.Read(Tenant.Provider, GetMappingRules.Load, cancellationToken);
        var file = await FocusFile.Read(request.Body, rules.ToMapping(), provider.Currency);
        if (file.Refusal is { } refusal) return Problem.Of(refusal);

        var saved = await database.InTransaction(
            Tenant.Provider,
            transaction => Save(transaction, file.Value, rules.Version, caller.Subject, provider.Currency),
            cancellationToken);
        var import = await database.Read(
            Tenant.Provider, transaction => GetCostImport.Load(transaction, saved.Id), cancellationToken);
        return saved.IsNew ? Answer.Created($"/internal/v1/cost-imports/{saved.Id}", import!) : Answer.Ok(import!);
    }

    private static async Task<Saved> Save(
        Transaction transaction, FocusFile file, long mappingVersion, string subject, Currency books)
    {
        var months = await OpenMonths.Hold(transaction);
        var id = Guid.CreateVersion7(transaction.Now);
        var inserted = await transaction.Execute(
            InsertImport,
            new
            {
                Id = id,
                file.Sha256,
                MappingVersion = mappingVersion,
                Currency = books,
                file.Tally.RowsRead,
                file.Tally.RowsRejected,
                transaction.Now,
                Subject = subject,
            });
        if (inserted == 0) return new Saved(await transaction.Scalar<Guid>(SelectBySha256, new { file.Sha256 }), IsNew: false);

        await InsertSums(transaction, id, file.Tally, months, subject);
        await transaction.Execute(
            InsertRejections,
            new
            {
                Id = id,
                Lines = file.Tally.Rejections.Select(rejection => rejection.Line).ToArray(),
                Columns = file.Tally.Rejections.Select(rejection => rejection.Column).ToArray(),
                Codes = file.Tally.Rejections.Select(rejection => rejection.Code).ToArray(),
                Details = file.Tally.Rejections.Select(rejection => rejection.Detail).ToArray(),
            });
        return new Saved(id, IsNew: true);
    }

    private static async Task InsertSums(
        Transaction transaction, Guid import, CostTally tally, OpenMonths months, string subject)
    {
        var sums = tally.Sums.ToArray();
        var landings = Array.ConvertAll(sums, sum => months.LandingOf(sum.Key.Month));
        await months.Begin(transaction, landings);
        await transaction.Execute(
            InsertEntries,
            new
            {
                Import = import,
                Ids = Array.ConvertAll(sums, _ => Guid.CreateVersion7(transaction.Now)),
                Months = landings,
                OriginMonths = Array.ConvertAll(sums, sum => sum.Key.Month),
                Pools = Array.ConvertAll(sums, sum => sum.Key.Pool),
                Kinds = Array.ConvertAll(sums, sum => sum.Key.Kind),
                Departments = Array.ConvertAll(sums, sum => sum.Key.Department),
                Customers = Array.ConvertAll(sums, sum => sum.Key.Customer),
                Amounts = Array.ConvertAll(sums, sum => sum.Value.Amount),
                Rows = Array.ConvertAll(sums, sum => sum.Value.Rows),
                transaction.Now,
                Subject = subject,
            });
    }

    private sealed record Saved(Guid Id, bool IsNew);

    private const string InsertImport = """
        insert into chargeback.cost_imports (
            id, content_sha256, mapping_version, currency, rows_read, rows_imported, rows_rejected, imported_at, imported_by)
        values (
            @Id, @Sha256, @MappingVersion, @Currency, @RowsRead, @RowsRead - @RowsRejected, @RowsRejected, @Now, @Subject)
        on conflict (content_sha256) do nothing
        """;

    private const string SelectBySha256 = "select id from chargeback.cost_imports where content_sha256 = @Sha256";

    private const string InsertEntries = """
        insert into chargeback.cost_entries (
            id, month, origin_month, pool_code, kind, department_code, customer_code, amount, rows, reference, import_id,
            recorded_at, recorded_by)
        select id, month, origin_month, pool, kind, department, customer, amount, rows, @Import || '/' || number, @Import,
            @Now, @Subject
        from unnest(@Ids, @Months, @OriginMonths, @Pools, @Kinds, @Departments, @Customers, @Amounts, @Rows)
            with ordinality as sum (
                id, month, origin_month, pool, kind, department, customer, amount, rows, number)
        """;

    private const string InsertRejections = """
        insert into chargeback.cost_import_rejections (import_id, position, line, column_name, code, detail)
        select @Id, number, line, column_name, code, detail
        from unnest(@Lines, @Columns, @Codes, @Details) with ordinality as rejection (line, column_name, code, detail, number)
        """;
}
