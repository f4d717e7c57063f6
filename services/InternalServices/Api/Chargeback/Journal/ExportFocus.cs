using System.Globalization;
using System.Text;
using CsvHelper;
using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Journal;

/// <summary>
/// What the posted run of a month made of its pools, as rows of the Cost and Usage dataset of FOCUS 1.3: a pool is the
/// origin charge with nothing left on it, each line one allocated charge (Data Generator-Calculated Split Cost
/// Allocation Handling).
/// </summary>
public static class ExportFocus
{
    private const int ChunkSize = 5000;

    public static async Task<IResult> Handle(
        Period month, ProviderOptions provider, Database database, CancellationToken cancellationToken)
    {
        var run = await database.Read(
            Tenant.Provider,
            transaction => transaction.SingleOrDefault<FocusSplit.Run>(SelectRun, new { Month = month }),
            cancellationToken);
        if (run is null) return Problem.Of(Refusal.NotFound("posted-run", $"{month}"));

        var split = new FocusSplit(run, month, provider);
        return new FileAnswer(
            Forms.Csv,
            $"focus-{month}.csv",
            (output, cancellation) => Write(output, run.Id, split, database, cancellation));
    }

    private static async Task Write(
        Stream output, Guid run, FocusSplit split, Database database, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        await using var csv = new CsvWriter(writer, CultureInfo.InvariantCulture);
        await Write(csv, FocusSplit.Columns);
        var pools = await database.Read(
            Tenant.Provider,
            transaction => transaction.Query<FocusSplit.Pool>(SelectPools, new { Run = run }),
            cancellationToken);
        foreach (var pool in pools) await Write(csv, split.Origin(pool));
        var byCode = pools.ToDictionary(pool => pool.Code, StringComparer.Ordinal);
        for (var last = 0; ;)
        {
            var chunk = await database.Read(
                Tenant.Provider,
                transaction => transaction.Query<FocusSplit.Line>(
                    SelectLines, new { Run = run, Last = last, Size = ChunkSize }),
                cancellationToken);
            foreach (var line in chunk) await Write(csv, split.Allocated(byCode[line.Pool], line));
            await csv.FlushAsync();
            if (chunk.Count < ChunkSize) return;
            last = chunk[^1].Position;
        }
    }

    private static Task Write(CsvWriter csv, IReadOnlyList<string?> cells)
    {
        foreach (var cell in cells) csv.WriteField(cell);
        return csv.NextRecordAsync();
    }

    private const string SelectRun =
        "select id, method from chargeback.runs where month = @Month and state = 'posted'";

    private const string SelectPools = """
        select pool.pool_code as code, named.name, service.name as service, pool.exact, rule.driver,
            coalesce(driving.unit, rule.statistic, rule.driver) as unit
        from chargeback.run_pools pool
        join chargeback.runs run on run.id = pool.run_id
        join chargeback.cost_pools named on named.code = pool.pool_code
        left join organisation.services service on service.code = pool.service_code
        left join chargeback.pool_rules rule
            on rule.rule_set_version = run.rule_set_version and rule.pool_code = pool.pool_code
        left join organisation.services driving on driving.code = rule.service_code
        where pool.run_id = @Run
        order by pool.pool_code
        """;

    private const string SelectLines = """
        select line.position, line.pool_code as pool, line.department_code as department,
            department.name as department_name, line.customer_code as customer, line.kind, line.amount, line.exact,
            line.quantity
        from chargeback.run_lines line
        join organisation.departments department on department.code = line.department_code
        where line.run_id = @Run and line.position > @Last
        order by line.position
        limit @Size
        """;
}
