using InternalServices.Domain.Chargeback.Budgets;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Budgets;

/// <summary>
/// What was charged beside what was planned: the budget is read as the caller, the months as the provider.
/// </summary>
public static class GetVariance
{
    public sealed record Variance
    {
        public required string Department { get; init; }

        /// <summary>The budget's first month.</summary>
        public required Period From { get; init; }

        public required long Version { get; init; }

        public required IReadOnlyList<MonthVariance> Months { get; init; }

        /// <summary>Of the months that are charged.</summary>
        public required Money Charged { get; init; }

        /// <summary>Planned for these months.</summary>
        public required Money BudgetToDate { get; init; }

        /// <summary>Charged less budget to date.</summary>
        public required Money Difference { get; init; }

        /// <summary>Charged ÷ budget to date; none without a budget.</summary>
        public required decimal? Pace { get; init; }

        /// <summary>Planned for all months.</summary>
        public required Money Budget { get; init; }

        /// <summary>Charged ÷ budget; none without a budget.</summary>
        public required decimal? UsedShare { get; init; }

        /// <summary>All of the budget is used, and not yet exceeded.</summary>
        public required BudgetUse Use { get; init; }

        /// <summary>If each month that is left is charged the mean of those that were; none before the first.</summary>
        public required Money? Forecast { get; init; }

        /// <summary>Forecast less budget.</summary>
        public required Money? ForecastDifference { get; init; }
    }

    public sealed record MonthVariance
    {
        public required Period Month { get; init; }

        public required Money Budget { get; init; }

        /// <summary>None until the month's run is posted.</summary>
        public required Money? Charged { get; init; }

        /// <summary>Charged less budget.</summary>
        public required Money? Difference { get; init; }

        /// <summary>Charged ÷ budget; none without a budget.</summary>
        public required decimal? Share { get; init; }
    }

    public static async Task<IResult> Handle(
        string code,
        Period from,
        long? version,
        Caller caller,
        Database database,
        CancellationToken cancellationToken)
    {
        var budget = await database.Read(
            caller.Tenant, transaction => BudgetRows.Load(transaction, code, from, version), cancellationToken);
        if (budget is null) return Problem.Of(Refusal.NotFound("budget", $"{code}/{from}"));
        var months = await database.Read(
            Tenant.Provider,
            transaction => BudgetMonths.Load(transaction, code, from, budget.Version),
            cancellationToken);
        return Answer.Ok(Of(months, budget.Total.Currency)) with { Version = budget.Version };
    }

    private static Variance Of(BudgetMonths budget, Currency currency)
    {
        var standing = BudgetStanding.Of(budget.Months, currency);
        return new Variance
        {
            Department = budget.Department,
            From = budget.From,
            Version = budget.Version,
            Months = [.. budget.Months.Select(month => Of(month, currency))],
            Charged = new Money(standing.Charged, currency),
            BudgetToDate = new Money(standing.PlannedToDate, currency),
            Difference = new Money(standing.Charged - standing.PlannedToDate, currency),
            Pace = Share(standing.Charged, standing.PlannedToDate),
            Budget = new Money(standing.Planned, currency),
            UsedShare = Share(standing.Charged, standing.Planned),
            Use = standing.Use,
            Forecast = standing.Forecast is { } forecast ? new Money(forecast, currency) : null,
            ForecastDifference = standing.Forecast is { } more ? new Money(more - standing.Planned, currency) : null,
        };
    }

    private static MonthVariance Of(BudgetedMonth month, Currency currency) => new()
    {
        Month = month.Month,
        Budget = new Money(month.Planned, currency),
        Charged = month.Charged is { } charged ? new Money(charged, currency) : null,
        Difference = month.Charged is { } borne ? new Money(borne - month.Planned, currency) : null,
        Share = month.Charged is { } part ? Share(part, month.Planned) : null,
    };

    private static decimal? Share(decimal part, decimal whole) =>
        BudgetStanding.Share(part, whole) is { } share ? Exact.Trimmed(share) : null;
}
