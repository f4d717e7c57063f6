using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Budgets;

/// <summary>Budgets as they are stored; the tenant of the transaction decides which are seen.</summary>
internal static class BudgetRows
{
    /// <summary>One version, or the latest.</summary>
    public static async Task<Budget?> Load(
        Transaction transaction, string department, Period from, long? version = null) =>
        (await WithMonths(
            transaction,
            department,
            await transaction.Query<Row>(Select, new { Department = department, From = from, Version = version })))
        .SingleOrDefault();

    /// <summary>The latest version of each budget that begins before a month, the latest budget first.</summary>
    public static async Task<IReadOnlyList<Budget>> LoadPage(
        Transaction transaction, string department, Period before, int fetch) =>
        await WithMonths(
            transaction,
            department,
            await transaction.Query<Row>(
                SelectPage, new { Department = department, Before = before, Fetch = fetch }));

    /// <summary>The versions of a budget before this one, the latest first.</summary>
    public static async Task<IReadOnlyList<Budget>> LoadVersions(
        Transaction transaction, string department, Period from, long before, int fetch) =>
        await WithMonths(
            transaction,
            department,
            await transaction.Query<Row>(
                SelectVersions, new { Department = department, From = from, Before = before, Fetch = fetch }));

    public static async Task Save(Transaction transaction, Budget budget)
    {
        await transaction.Execute(
            InsertVersion,
            new
            {
                budget.Department,
                budget.From,
                budget.Version,
                budget.Total.Currency,
                budget.Reason,
                budget.CreatedAt,
                budget.CreatedBy,
            });
        await transaction.Execute(
            InsertAmounts,
            new
            {
                budget.Department,
                budget.From,
                budget.Version,
                Months = budget.Months.Select(planned => planned.Month).ToArray(),
                Amounts = budget.Months.Select(planned => planned.Amount.Amount).ToArray(),
            });
    }

    private static async Task<IReadOnlyList<Budget>> WithMonths(
        Transaction transaction, string department, IReadOnlyList<Row> rows)
    {
        var months = (await transaction.Query<MonthRow>(
            SelectAmounts,
            new
            {
                Department = department,
                Froms = rows.Select(row => row.From).ToArray(),
                Versions = rows.Select(row => row.Version).ToArray(),
            })).ToLookup(row => (row.From, row.Version));
        return [.. rows.Select(row => row.ToBudget(department, [.. months[(row.From, row.Version)]]))];
    }

    private sealed record Row
    {
        public required Period From { get; init; }

        public required long Version { get; init; }

        public required Currency Currency { get; init; }

        public required string Reason { get; init; }

        public required DateTimeOffset CreatedAt { get; init; }

        public required string CreatedBy { get; init; }

        public Budget ToBudget(string department, IReadOnlyList<MonthRow> months) => new()
        {
            Department = department,
            From = From,
            Version = Version,
            Months =
            [
                .. months.Select(planned => new Budget.PlannedMonth
                {
                    Month = planned.Month,
                    Amount = new Money(planned.Amount, Currency),
                }),
            ],
            Total = new Money(months.Sum(planned => planned.Amount), Currency),
            Reason = Reason,
            CreatedAt = CreatedAt,
            CreatedBy = CreatedBy,
        };
    }

    private sealed record MonthRow
    {
        public required Period From { get; init; }

        public required long Version { get; init; }

        public required Period Month { get; init; }

        public required decimal Amount { get; init; }
    }

    private const string Select = """
        select first_month as "from", version, currency, reason, created_at, created_by
        from chargeback.budget_versions
        where department_code = @Department and first_month = @From and (@Version::bigint is null or version = @Version)
        order by version desc
        limit 1
        """;

    private const string SelectPage = """
        select distinct on (first_month) first_month as "from", version, currency, reason, created_at, created_by
        from chargeback.budget_versions
        where department_code = @Department and first_month < @Before
        order by first_month desc, version desc
        limit @Fetch
        """;

    private const string SelectVersions = """
        select first_month as "from", version, currency, reason, created_at, created_by
        from chargeback.budget_versions
        where department_code = @Department and first_month = @From and version < @Before
        order by version desc
        limit @Fetch
        """;

    private const string SelectAmounts = """
        select amount.first_month as "from", amount.version, amount.month, amount.amount
        from unnest(@Froms, @Versions) as asked (first_month, version)
        join chargeback.budget_amounts amount
            on amount.department_code = @Department and amount.first_month = asked.first_month
                and amount.version = asked.version
        order by amount.month
        """;

    private const string InsertVersion = """
        insert into chargeback.budget_versions (
            department_code, first_month, version, currency, reason, created_at, created_by)
        values (@Department, @From, @Version, @Currency, @Reason, @CreatedAt, @CreatedBy)
        """;

    private const string InsertAmounts = """
        insert into chargeback.budget_amounts (department_code, first_month, version, month, amount)
        select @Department, @From, @Version, month, amount
        from unnest(@Months, @Amounts) as planned (month, amount)
        """;
}
