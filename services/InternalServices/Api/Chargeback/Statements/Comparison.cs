using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Statements;

/// <summary>What the total of a statement is compared with.</summary>
public sealed record Comparison
{
    /// <summary>The month's part of the department's budget, in its latest version.</summary>
    public required Money? Budget { get; init; }

    /// <summary>Total less budget.</summary>
    public required Money? OverBudget { get; init; }

    /// <summary>What the department bore in the month before.</summary>
    public required Money? LastMonth { get; init; }

    /// <summary>Total less last month.</summary>
    public required Money? OverLastMonth { get; init; }

    internal static async Task<Comparison> Load(Transaction transaction, Statement statement)
    {
        var row = await transaction.Single<Row>(
            Select, new { statement.Department, statement.Month, LastMonth = statement.Month.Previous });
        var currency = statement.Total.Currency;
        Money? budget = row.Budget is { } planned ? new Money(planned, currency) : null;
        Money? last = row.LastMonth is { } borne ? new Money(borne, currency) : null;
        return new Comparison
        {
            Budget = budget,
            OverBudget = statement.Total - budget,
            LastMonth = last,
            OverLastMonth = statement.Total - last,
        };
    }

    private sealed record Row
    {
        public decimal? Budget { get; init; }

        public decimal? LastMonth { get; init; }
    }

    private const string Select = """
        select
            (select amount
                from chargeback.budget_amounts
                where department_code = @Department and month = @Month
                order by version desc
                limit 1) as budget,
            (select total
                from chargeback.statements
                where department_code = @Department and month = @LastMonth and state <> 'reversed') as last_month
        """;
}
