using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Budgets;

/// <summary>Plans a department's budget, or makes the next version of one.</summary>
public static class PlanBudget
{
    private const int MaxMonths = 24;

    /// <summary>The months that it can span end before the calendar of months does.</summary>
    private const int LatestYear = 2190;

    public sealed record Request
    {
        /// <summary>Its first month; names the budget.</summary>
        public required Period From { get; init; }

        /// <summary>One for each month, in order; 0 is an amount.</summary>
        public required IReadOnlyList<Money> Amounts { get; init; }

        /// <summary>Why it is made or changed.</summary>
        public required string Reason { get; init; }
    }

    public static Task<IResult> Handle(
        string code,
        Request body,
        Once once,
        Caller caller,
        ProviderOptions provider,
        BudgetWatch watch,
        CancellationToken cancellationToken) =>
        once.Run(
            transaction => PlanAndLook(transaction, code, body, provider.Currency, caller.Subject, watch),
            budget => Answer.Created($"/internal/v1/departments/{code}/budgets/{budget.From}", budget) with
            {
                Version = budget.Version,
            },
            cancellationToken);

    /// <summary>Months may be charged already.</summary>
    private static async Task<Outcome<Budget>> PlanAndLook(
        Transaction transaction,
        string department,
        Request body,
        Currency books,
        string subject,
        BudgetWatch watch)
    {
        var planned = await Plan(transaction, department, body, books, subject);
        if (!planned.IsRefused) await watch.Look(transaction, body.From, department);
        return planned;
    }

    private static async Task<Outcome<Budget>> Plan(
        Transaction transaction, string department, Request body, Currency books, string subject)
    {
        if (Check(body, books) is { } unsound) return unsound;
        if (!await transaction.Scalar<bool>(SelectDepartment, new { Department = department }))
        {
            return Refusal.NotFound("department", department);
        }

        await transaction.Execute(LockBudgets, new { Department = department });
        var months = Months(body);
        var span = new { Department = department, body.From, End = months[^1].Month.Next };
        if (await transaction.SingleOrDefault<Period?>(SelectOverlap, span) is { } other)
        {
            return Refusal.Conflict(
                "budget-overlap",
                $"The budget that begins in {other} plans some of these months, or others from here on.");
        }

        await transaction.Execute(InsertBudget, span);
        var budget = new Budget
        {
            Department = department,
            From = body.From,
            Version = await transaction.Scalar<long>(SelectNextVersion, span),
            Months = months,
            Total = new Money(months.Sum(planned => planned.Amount.Amount), books),
            Reason = body.Reason,
            CreatedAt = transaction.Now,
            CreatedBy = subject,
        };
        await BudgetRows.Save(transaction, budget);
        return budget;
    }

    private static Refusal? Check(Request body, Currency books)
    {
        var fields = new Fields()
            .Range("/from", body.From.Year, 1990, LatestYear)
            .Count("/amounts", body.Amounts.Count, MaxMonths)
            .Text("/reason", body.Reason);
        for (var i = 0; i < body.Amounts.Count && i < MaxMonths; i++)
        {
            var amount = body.Amounts[i];
            fields
                .Check(
                    $"/amounts/{i}/amount",
                    amount.Amount >= 0 && Exact.IsInRange(amount.Amount),
                    "out-of-range",
                    "An amount is from 0 and below 10^13.")
                .Check(
                    $"/amounts/{i}/currency",
                    amount.Currency == books,
                    "currency-mismatch",
                    $"The books are kept in {books}.");
        }

        return fields.Refusal;
    }

    private static List<Budget.PlannedMonth> Months(Request body)
    {
        var months = new List<Budget.PlannedMonth>();
        foreach (var amount in body.Amounts)
        {
            var month = months.Count == 0 ? body.From : months[^1].Month.Next;
            months.Add(new Budget.PlannedMonth { Month = month, Amount = amount });
        }

        return months;
    }

    private const string SelectDepartment =
        "select exists (select from organisation.departments where code = @Department)";

    private const string LockBudgets = "select pg_advisory_xact_lock(hashtext('chargeback.budgets/' || @Department))";

    private const string SelectOverlap = """
        select first_month
        from chargeback.budgets
        where department_code = @Department and daterange(first_month, end_month) && daterange(@From, @End)
            and (first_month, end_month) <> (@From, @End)
        order by first_month
        limit 1
        """;

    private const string InsertBudget = """
        insert into chargeback.budgets (department_code, first_month, end_month)
        values (@Department, @From, @End)
        on conflict (department_code, first_month) do nothing
        """;

    private const string SelectNextVersion = """
        select coalesce(max(version), 0) + 1
        from chargeback.budget_versions
        where department_code = @Department and first_month = @From
        """;
}
