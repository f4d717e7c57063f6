using System.Globalization;
using InternalServices.Domain.Chargeback.Budgets;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Budgets;

/// <summary>What was told about a budget, the latest first.</summary>
public static class ListBudgetAlerts
{
    public sealed record Alert
    {
        /// <summary>Counts the budget's alerts.</summary>
        public required long Number { get; init; }

        /// <summary>The version of the budget.</summary>
        public required long Version { get; init; }

        public required BudgetSignal Signal { get; init; }

        /// <summary>
        /// Percent of the budget that the amount reached, or for other signals than <c>used</c> went beyond.
        /// </summary>
        public required int Threshold { get; init; }

        /// <summary>The latest month that was charged then.</summary>
        public required Period Month { get; init; }

        /// <summary>What was charged, or forecast.</summary>
        public required Money Amount { get; init; }

        /// <summary>What it was compared with: all of the budget, or for the pace its part to date.</summary>
        public required Money Budget { get; init; }

        public required DateTimeOffset RaisedAt { get; init; }
    }

    public static async Task<Page<Alert>> Handle(
        string code, Period from, Paging paging, Caller caller, Database database, CancellationToken cancellationToken)
    {
        var before = long.TryParse(paging.After, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : long.MaxValue;
        var rows = await database.Read(
            caller.Tenant,
            transaction => transaction.Query<Row>(
                SelectPage, new { Department = code, From = from, Before = before, paging.Fetch }),
            cancellationToken);
        return paging.Page([.. rows.Select(row => row.ToAlert())], alert => $"{alert.Number}");
    }

    private sealed record Row
    {
        public required long Number { get; init; }

        public required long Version { get; init; }

        public required Currency Currency { get; init; }

        public required BudgetSignal Signal { get; init; }

        public required int Threshold { get; init; }

        public required Period Month { get; init; }

        public required decimal Amount { get; init; }

        public required decimal Budget { get; init; }

        public required DateTimeOffset RaisedAt { get; init; }

        public Alert ToAlert() => new()
        {
            Number = Number,
            Version = Version,
            Signal = Signal,
            Threshold = Threshold,
            Month = Month,
            Amount = new Money(Amount, Currency),
            Budget = new Money(Budget, Currency),
            RaisedAt = RaisedAt,
        };
    }

    private const string SelectPage = """
        select alert.number, alert.version, made.currency, alert.signal, alert.threshold, alert.month, alert.amount,
            alert.budget, alert.raised_at
        from chargeback.budget_alerts alert
        join chargeback.budget_versions made
            on made.department_code = alert.department_code and made.first_month = alert.first_month
                and made.version = alert.version
        where alert.department_code = @Department and alert.first_month = @From and alert.number < @Before
        order by alert.number desc
        limit @Fetch
        """;
}
