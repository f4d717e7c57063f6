using InternalServices.Domain.Chargeback.Budgets;
using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Budgets;

/// <summary>Tells what is to be told about budgets: each signal and threshold once for a version.</summary>
public sealed class BudgetWatch(Outbox outbox, ProviderOptions provider)
{
    /// <summary>Looks at the budgets that cover a month whose charges, or whose plan, have changed.</summary>
    /// <param name="transaction">Has changed them.</param>
    /// <param name="month">The month.</param>
    /// <param name="department">Whose budget; every department's when there is none.</param>
    public async Task Look(Transaction transaction, Period month, string? department = null)
    {
        var budgets = await BudgetMonths.LoadForUpdate(transaction, month, department);
        if (budgets.Count == 0) return;

        var told = (await transaction.Query<Told>(
                SelectTold,
                new
                {
                    Departments = budgets.Select(budget => budget.Department).ToArray(),
                    Froms = budgets.Select(budget => budget.From).ToArray(),
                }))
            .ToLookup(row => (row.Department, row.From));
        var alerts = budgets.SelectMany(budget => New(budget, [.. told[(budget.Department, budget.From)]])).ToArray();
        await Insert(transaction, alerts);
        await outbox.Add(transaction, [.. alerts.Select(alert => EventOf(transaction, alert))]);
    }

    private IEnumerable<Raised> New(BudgetMonths budget, IReadOnlyList<Told> told)
    {
        var standing = BudgetStanding.Of(budget.Months, provider.Currency);
        var ofVersion = told
            .Where(earlier => earlier.Version == budget.Version)
            .Select(earlier => (earlier.Signal, earlier.Threshold))
            .ToHashSet();
        var last = told.Count == 0 ? 0 : told.Max(earlier => earlier.Number);
        return BudgetAlert.New(standing, ofVersion)
            .Select((alert, index) => new Raised(budget, standing.Latest!.Value, alert, last + 1 + index));
    }

    private static Task Insert(Transaction transaction, Raised[] raised) =>
        raised.Length == 0
            ? Task.CompletedTask
            : transaction.Execute(
                InsertAlerts,
                new
                {
                    Departments = Array.ConvertAll(raised, each => each.Budget.Department),
                    Froms = Array.ConvertAll(raised, each => each.Budget.From),
                    Versions = Array.ConvertAll(raised, each => each.Budget.Version),
                    Signals = Array.ConvertAll(raised, each => each.Alert.Signal),
                    Thresholds = Array.ConvertAll(raised, each => each.Alert.Threshold),
                    Numbers = Array.ConvertAll(raised, each => each.Number),
                    Months = Array.ConvertAll(raised, each => each.Month),
                    Amounts = Array.ConvertAll(raised, each => each.Alert.Amount),
                    Budgets = Array.ConvertAll(raised, each => each.Alert.Budget),
                    transaction.Now,
                });

    private BudgetThresholdCrossed EventOf(Transaction transaction, Raised raised) => new()
    {
        EventId = Guid.CreateVersion7(transaction.Now),
        OccurredAt = transaction.Now,
        AggregateId = $"{raised.Budget.Department}/{raised.Budget.From}",
        AggregateVersion = raised.Number,
        Period = $"{raised.Month}",
        Department = raised.Budget.Department,
        From = $"{raised.Budget.From}",
        Version = raised.Budget.Version,
        Signal = raised.Alert.Signal.Spelled(),
        Threshold = raised.Alert.Threshold,
        Amount = provider.Currency.Round(raised.Alert.Amount),
        Budget = provider.Currency.Round(raised.Alert.Budget),
        Currency = provider.Currency.Code,
    };

    private sealed record Raised(BudgetMonths Budget, Period Month, BudgetAlert Alert, long Number);

    private sealed record Told
    {
        public required string Department { get; init; }

        public required Period From { get; init; }

        public required long Version { get; init; }

        public required BudgetSignal Signal { get; init; }

        public required int Threshold { get; init; }

        public required long Number { get; init; }
    }

    private const string SelectTold = """
        select alert.department_code as department, alert.first_month as "from", alert.version, alert.signal,
            alert.threshold, alert.number
        from unnest(@Departments, @Froms) as budget (department_code, first_month)
        join chargeback.budget_alerts alert
            on alert.department_code = budget.department_code and alert.first_month = budget.first_month
        """;

    private const string InsertAlerts = """
        insert into chargeback.budget_alerts (
            department_code, first_month, version, signal, threshold, number, month, amount, budget, raised_at)
        select department, first_month, version, signal, threshold, number, month, amount, budget, @Now
        from unnest(
            @Departments, @Froms, @Versions, @Signals, @Thresholds, @Numbers, @Months, @Amounts, @Budgets)
            as alert (department, first_month, version, signal, threshold, number, month, amount, budget)
        """;
}
