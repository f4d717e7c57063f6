using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Statistics;

/// <summary>Replaces what is counted of a department in a month, as long as the month takes costs.</summary>
public static class ReplaceStatistics
{
    private const int MaxStatistics = 100;

    public sealed record Request
    {
        /// <summary>All of them, each code once; an empty list counts nothing.</summary>
        public required IReadOnlyList<DepartmentStatistics.Statistic> Statistics { get; init; }
    }

    public static async Task<IResult> Handle(
        string code,
        Period month,
        Request body,
        IfMatch ifMatch,
        Caller caller,
        Database database,
        CancellationToken cancellationToken) =>
        Answer.Of(
            await database.InTransaction(
                Tenant.Provider,
                transaction => Replace(transaction, code, month, body.Statistics, ifMatch, caller.Subject),
                cancellationToken),
            statistics => Answer.Ok(statistics) with { Version = statistics.Version });

    private static async Task<Outcome<DepartmentStatistics>> Replace(
        Transaction transaction,
        string department,
        Period month,
        IReadOnlyList<DepartmentStatistics.Statistic> statistics,
        IfMatch ifMatch,
        string subject)
    {
        if (Check(statistics) is { } unsound) return unsound;
        if (await StatisticRows.Load(transaction, department, month) is null)
        {
            return Refusal.NotFound("department", department);
        }

        var state = (await OpenMonths.Hold(transaction)).StateOf(month);
        if (state is PeriodState.Closing or PeriodState.Closed)
        {
            return Refusal.Conflict(
                "period-not-open", $"{month} is {state.Spelled()}; its statistics stay as they are.", state.Spelled());
        }

        var sheet = new { Department = department, Month = month };
        await transaction.Execute(
            InsertSheet, new { sheet.Department, sheet.Month, transaction.Now, Subject = subject });
        if (ifMatch.Check(await transaction.Single<long>(SelectForUpdate, sheet)) is { } stale) return stale;

        await transaction.Execute(
            UpdateSheet, new { sheet.Department, sheet.Month, transaction.Now, Subject = subject });
        await transaction.Execute(DeleteStatistics, sheet);
        await transaction.Execute(
            InsertStatistics,
            new
            {
                sheet.Department,
                sheet.Month,
                Codes = statistics.Select(statistic => statistic.Code).ToArray(),
                Quantities = statistics.Select(statistic => statistic.Quantity).ToArray(),
            });
        return (await StatisticRows.Load(transaction, department, month))!;
    }

    private static Refusal? Check(IReadOnlyList<DepartmentStatistics.Statistic> statistics)
    {
        var fields = new Fields().Count("/statistics", statistics.Count, MaxStatistics, min: 0);
        var codes = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < statistics.Count && i < MaxStatistics; i++)
        {
            var (code, quantity) = (statistics[i].Code, statistics[i].Quantity);
            fields
                .Code($"/statistics/{i}/code", code)
                .Check($"/statistics/{i}/code", codes.Add(code), "statistic-repeated", "The statistic is given twice.")
                .Check(
                    $"/statistics/{i}/quantity",
                    quantity >= 0 && Exact.IsInRange(quantity),
                    "invalid-quantity",
                    "A quantity is from 0 and below 10^13 with at most 15 decimals.");
        }

        return fields.Refusal;
    }

    // Gives two who begin a month at once a row to wait for.
    private const string InsertSheet = """
        insert into chargeback.statistic_sheets (department_code, month, version, changed_at, changed_by)
        values (@Department, @Month, 0, @Now, @Subject)
        on conflict (department_code, month) do nothing
        """;

    private const string SelectForUpdate = """
        select version from chargeback.statistic_sheets
        where department_code = @Department and month = @Month
        for update
        """;

    private const string UpdateSheet = """
        update chargeback.statistic_sheets
        set version = version + 1, changed_at = @Now, changed_by = @Subject
        where department_code = @Department and month = @Month
        """;

    private const string DeleteStatistics = """
        delete from chargeback.statistics where department_code = @Department and month = @Month
        """;

    private const string InsertStatistics = """
        insert into chargeback.statistics (department_code, month, code, quantity)
        select @Department, @Month, code, quantity from unnest(@Codes, @Quantities) as counted (code, quantity)
        """;
}
