using InternalServices.Domain.Chargeback.Budgets;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Budgets;

/// <summary>The months of a version of a budget, with what is charged.</summary>
internal sealed record BudgetMonths(
    string Department, Period From, long Version, IReadOnlyList<BudgetedMonth> Months)
{
    public static async Task<BudgetMonths> Load(
        Transaction transaction, string department, Period from, long version) =>
        Group(await transaction.Query<Row>(
            SelectVersion, new { Department = department, From = from, Version = version })).Single();

    /// <summary>
    /// The latest version of each budget that covers the month, or of a department's. Nobody else tells anything about
    /// them until the commit.
    /// </summary>
    public static async Task<IReadOnlyList<BudgetMonths>> LoadForUpdate(
        Transaction transaction, Period month, string? department)
    {
        var span = new { Month = month, Department = department };
        await transaction.Execute(Lock, span);
        return [.. Group(await transaction.Query<Row>(SelectCovering, span))];
    }

    private static IEnumerable<BudgetMonths> Group(IEnumerable<Row> rows) =>
        from row in rows
        group new BudgetedMonth(row.Month, row.Planned, row.Charged) by (row.Department, row.From, row.Version)
        into budget
        select new BudgetMonths(budget.Key.Department, budget.Key.From, budget.Key.Version, [.. budget]);

    private sealed record Row
    {
        public required string Department { get; init; }

        public required Period From { get; init; }

        public required long Version { get; init; }

        public required Period Month { get; init; }

        public required decimal Planned { get; init; }

        public decimal? Charged { get; init; }
    }

    private const string Lock = """
        select department_code
        from chargeback.budgets
        where first_month <= @Month and @Month < end_month
            and (@Department::text is null or department_code = @Department)
        order by department_code, first_month
        for update
        """;

    // A month is charged once its run is posted; who has no statement then bears nothing.
    private const string SelectVersion = """
        select planned.department_code as department, planned.first_month as "from", planned.version, planned.month,
            planned.amount as planned,
            case when run.id is not null then coalesce(statement.total, 0) end as charged
        from chargeback.budget_amounts planned
        left join chargeback.runs run on run.month = planned.month and run.state = 'posted'
        left join chargeback.statements statement
            on statement.run_id = run.id and statement.department_code = planned.department_code
        where planned.department_code = @Department and planned.first_month = @From and planned.version = @Version
        order by planned.month
        """;

    private const string SelectCovering = """
        with latest as (
            select budget.department_code, budget.first_month, max(made.version) as version
            from chargeback.budgets budget
            join chargeback.budget_versions made
                on made.department_code = budget.department_code and made.first_month = budget.first_month
            where budget.first_month <= @Month and @Month < budget.end_month
                and (@Department::text is null or budget.department_code = @Department)
            group by budget.department_code, budget.first_month
        )
        select planned.department_code as department, planned.first_month as "from", planned.version, planned.month,
            planned.amount as planned,
            case when run.id is not null then coalesce(statement.total, 0) end as charged
        from latest
        join chargeback.budget_amounts planned
            on planned.department_code = latest.department_code and planned.first_month = latest.first_month
                and planned.version = latest.version
        left join chargeback.runs run on run.month = planned.month and run.state = 'posted'
        left join chargeback.statements statement
            on statement.run_id = run.id and statement.department_code = planned.department_code
        order by planned.department_code, planned.first_month, planned.month
        """;
}
