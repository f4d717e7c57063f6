using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Periods;

/// <summary>
/// Compares what must be equal: costs, run, statements, journal, and what the external side reckoned.
/// </summary>
public static class ReconcileMonth
{
    public sealed record Reconciliation
    {
        public required Period Month { get; init; }

        public required PeriodState State { get; init; }

        /// <summary>The posted run that everything is compared with.</summary>
        public required Guid? RunId { get; init; }

        /// <summary>Whether every line could be compared and has no difference.</summary>
        public required bool Reconciled { get; init; }

        public required IReadOnlyList<Line> Lines { get; init; }
    }

    /// <summary>Two amounts that must be equal.</summary>
    public sealed record Line
    {
        /// <summary>Stable; for programs.</summary>
        public required string Code { get; init; }

        /// <summary>What is compared with what.</summary>
        public required string Name { get; init; }

        public required Money Left { get; init; }

        /// <summary>None while the other side has not said it.</summary>
        public required Money? Right { get; init; }

        /// <summary>Left less right.</summary>
        public required Money? Difference { get; init; }
    }

    public static async Task<IResult> Handle(
        Period month, Database database, ProviderOptions provider, CancellationToken cancellationToken)
    {
        var (period, figures) = await database.Read(
            Tenant.Provider,
            async transaction => (
                await PeriodView.Load(transaction, month),
                await transaction.SingleOrDefault<Figures>(Select, new { Month = month })),
            cancellationToken);
        IReadOnlyList<Line> lines = figures is null ? [] : figures.ToLines(provider.Currency);
        return Answer.Ok(new Reconciliation
        {
            Month = month,
            State = period.State,
            RunId = period.RunId,
            Reconciled = lines.Count > 0 && lines.All(line => line.Difference is { Amount: 0 }),
            Lines = lines,
        });
    }

    private sealed record Figures
    {
        public required decimal Entries { get; init; }

        public required decimal PoolTotal { get; init; }

        public required decimal DepartmentTotal { get; init; }

        public required decimal ExternalShare { get; init; }

        public required decimal Unallocated { get; init; }

        public required decimal Statements { get; init; }

        public required decimal Debits { get; init; }

        public required decimal Credits { get; init; }

        public required decimal ExternalCosts { get; init; }

        public decimal? Reckoned { get; init; }

        public IReadOnlyList<Line> ToLines(Currency currency) =>
        [
            Of("costs", "Σ recorded costs, rounded once, and Σ pools of the run", Entries, PoolTotal, currency),
            Of(
                "allocation",
                "Σ pools, and departments + external share + unallocated",
                PoolTotal,
                DepartmentTotal + ExternalShare + Unallocated,
                currency),
            Of("statements", "Σ pools and Σ statements", PoolTotal, Statements, currency),
            Of("journal", "Σ debits and Σ credits of the journal", Debits, Credits, currency),
            Of(
                "external-costs",
                "External share, and services + direct costs + overhead residual",
                ExternalShare,
                ExternalCosts,
                currency),
            Of(
                "external-reckoning",
                "External share, and Σ cost of customers that the external side reckoned",
                ExternalShare,
                Reckoned,
                currency),
        ];

        private static Line Of(string code, string name, decimal left, decimal? right, Currency currency) => new()
        {
            Code = code,
            Name = name,
            Left = new Money(left, currency),
            Right = right is { } other ? new Money(other, currency) : null,
            Difference = right is { } subtracted
                ? new Money(currency.Round(left) - currency.Round(subtracted), currency)
                : null,
        };
    }

    private const string Select = """
        select run.pool_total, run.department_total, run.external_share, run.unallocated,
            (select coalesce(sum(entry.amount), 0)
                from chargeback.cost_entries entry
                where entry.month = run.month) as entries,
            (select coalesce(sum(statement.total), 0)
                from chargeback.statements statement
                where statement.run_id = run.id) as statements,
            (select coalesce(sum(entry.amount), 0)
                from chargeback.journal_entries entry
                join chargeback.journal_transactions transaction on transaction.id = entry.transaction_id
                where transaction.run_id = run.id and entry.amount > 0) as debits,
            (select coalesce(-sum(entry.amount), 0)
                from chargeback.journal_entries entry
                join chargeback.journal_transactions transaction on transaction.id = entry.transaction_id
                where transaction.run_id = run.id and entry.amount < 0) as credits,
            (select coalesce(sum(service.cost), 0)
                from chargeback.run_service_costs service
                where service.run_id = run.id)
                + (select coalesce(sum(direct.cost), 0)
                    from chargeback.run_customer_costs direct
                    where direct.run_id = run.id)
                + run.overhead_residual as external_costs,
            (select reckoning.cost
                from chargeback.external_reckonings reckoning
                where reckoning.run_id = run.id) as reckoned
        from chargeback.runs run
        where run.month = @Month and run.state = 'posted'
        """;
}
