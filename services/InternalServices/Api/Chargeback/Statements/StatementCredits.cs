using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Statements;

/// <summary>
/// What disputes about earlier months moved between departments in this one: lines of its statements, beside those of
/// the run. They sum to zero.
/// </summary>
internal sealed class StatementCredits
{
    private readonly IReadOnlyList<Row> _credits;

    private StatementCredits(IReadOnlyList<Row> credits) => _credits = credits;

    public static async Task<StatementCredits> Load(Transaction transaction, Period month) =>
        new(await transaction.Query<Row>(SelectCredits, new { Month = month }));

    public IEnumerable<DepartmentTotal> Totals => _credits
        .GroupBy(credit => credit.Department, StringComparer.Ordinal)
        .Select(group => new DepartmentTotal(group.Key, group.Sum(credit => credit.Amount)));

    /// <param name="transaction">Has inserted the statements.</param>
    /// <param name="statements">By department.</param>
    /// <param name="after">The run's lines have the positions up to this one.</param>
    public async Task Insert(Transaction transaction, Dictionary<string, Guid> statements, int after)
    {
        if (_credits.Count == 0) return;
        await transaction.Execute(
            InsertLines,
            new
            {
                After = after,
                Ids = _credits.Select(_ => Guid.CreateVersion7(transaction.Now)).ToArray(),
                Statements = _credits.Select(credit => statements[credit.Department]).ToArray(),
                Departments = _credits.Select(credit => credit.Department).ToArray(),
                Amounts = _credits.Select(credit => credit.Amount).ToArray(),
                Disputes = _credits.Select(credit => credit.DisputeId).ToArray(),
            });
    }

    private sealed record Row
    {
        public required Guid DisputeId { get; init; }

        public required string Department { get; init; }

        public required decimal Amount { get; init; }
    }

    // A mirror has its dispute through what it mirrors.
    private const string SelectCredits = """
        select dispute.id as dispute_id, entry.account_code as department, entry.amount
        from chargeback.journal_transactions booked
        left join chargeback.journal_transactions mirrored on mirrored.id = booked.reverses
        join chargeback.disputes dispute on dispute.id = coalesce(booked.dispute_id, mirrored.dispute_id)
        join chargeback.journal_entries entry on entry.transaction_id = booked.id
        where booked.month = @Month
        order by booked.id, entry.position
        """;

    private const string InsertLines = """
        insert into chargeback.statement_lines (
            id, statement_id, department_code, position, kind, pool_code, pool_name, service_code, customer_code,
            amount, exact, rounding_units, quantity, total_quantity, share, origin_months, dispute_id)
        select credit.id, credit.statement_id, credit.department, @After + credit.number, 'disputeCredit',
            line.pool_code, line.pool_name, line.service_code, line.customer_code, credit.amount, credit.amount, 0, 0,
            0, 0, array[statement.month::date], dispute.id
        from unnest(@Ids, @Statements, @Departments, @Amounts, @Disputes)
            with ordinality as credit (id, statement_id, department, amount, dispute_id, number)
        join chargeback.disputes dispute on dispute.id = credit.dispute_id
        join chargeback.statement_lines line on line.id = dispute.line_id
        join chargeback.statements statement on statement.id = dispute.statement_id
        """;
}
