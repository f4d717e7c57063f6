using InternalServices.Api.Chargeback.Budgets;
using InternalServices.Api.Chargeback.Statements;
using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Messaging;

namespace InternalServices.Api.Chargeback.Runs;

/// <summary>Makes a calculated run stand: its statements, its journal and the events, in one transaction.</summary>
public sealed class RunPosting(Outbox outbox, BudgetWatch budgets, StatementOptions statementOptions)
{
    /// <param name="transaction">Holds the month's row.</param>
    /// <param name="id">The stored run.</param>
    /// <param name="allocation">What it was calculated as, from the inputs that stand now.</param>
    /// <param name="subject">Who posts it.</param>
    public async Task Post(Transaction transaction, Guid id, AllocationRun allocation, string subject)
    {
        await transaction.Execute(UpdateRun, new { Id = id, transaction.Now, Subject = subject });
        var credits = await StatementCredits.Load(transaction, allocation.Period);
        var totals = Totals(allocation, credits);
        var statements = await InsertStatements(transaction, id, allocation, totals);
        await InsertStatementLines(transaction, id, allocation, statements);
        await credits.Insert(transaction, statements, after: allocation.Lines.Count);
        await InsertJournal(transaction, id, allocation, subject);
        await outbox.Add(transaction, Issued(transaction, allocation, totals, statements));
        await outbox.Add(transaction, await UnitCosts.Of(transaction, id));
        await budgets.Look(transaction, allocation.Period);
    }

    /// <summary>
    /// Of every department with a line of the run or of a dispute; those of the special two are for the provider.
    /// </summary>
    private static DepartmentTotal[] Totals(AllocationRun allocation, StatementCredits credits)
    {
        var borne = allocation.Lines.Select(line => line.Department).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. allocation.Departments
                .Where(total => borne.Contains(total.Department))
                .Concat(credits.Totals)
                .GroupBy(total => total.Department, StringComparer.Ordinal)
                .Select(group => new DepartmentTotal(group.Key, group.Sum(total => total.Amount)))
                .OrderBy(total => total.Department, StringComparer.Ordinal),
        ];
    }

    private async Task<Dictionary<string, Guid>> InsertStatements(
        Transaction transaction, Guid run, AllocationRun allocation, DepartmentTotal[] totals)
    {
        var ids = Array.ConvertAll(totals, _ => Guid.CreateVersion7(transaction.Now));
        await transaction.Execute(
            InsertStatement,
            new
            {
                Run = run,
                Month = allocation.Period,
                allocation.Currency,
                Ids = ids,
                Departments = Array.ConvertAll(totals, total => total.Department),
                Totals = Array.ConvertAll(totals, total => total.Amount),
                AcknowledgeBys = Array.ConvertAll(totals, AcknowledgeBy),
                transaction.Now,
            });
        return totals.Zip(ids).ToDictionary(pair => pair.First.Department, pair => pair.Second, StringComparer.Ordinal);

        DateTimeOffset? AcknowledgeBy(DepartmentTotal total) =>
            IsSpecial(total.Department) ? null : transaction.Now.AddDays(statementOptions.AcknowledgementDays);
    }

    private static bool IsSpecial(string department) =>
        department is DepartmentCodes.ExternalBusiness or DepartmentCodes.Unallocated;

    private static Task<int> InsertStatementLines(
        Transaction transaction, Guid run, AllocationRun allocation, Dictionary<string, Guid> statements) =>
        transaction.Execute(
            InsertLines,
            new
            {
                Run = run,
                Month = allocation.Period,
                Ids = allocation.Lines.Select(_ => Guid.CreateVersion7(transaction.Now)).ToArray(),
                Statements = allocation.Lines.Select(line => statements[line.Department]).ToArray(),
            });

    private static async Task InsertJournal(
        Transaction transaction, Guid run, AllocationRun allocation, string subject)
    {
        var id = Guid.CreateVersion7(transaction.Now);
        var postings = JournalPair.Of(allocation).SelectMany(pair => pair.Postings).ToArray();
        await transaction.Execute(
            InsertTransaction,
            new
            {
                Id = id,
                Run = run,
                Month = allocation.Period,
                allocation.Currency,
                transaction.Now,
                Subject = subject,
            });
        await transaction.Execute(
            InsertEntries,
            new
            {
                Id = id,
                Kinds = Array.ConvertAll(postings, posting => posting.Account),
                Codes = Array.ConvertAll(postings, posting => posting.Code),
                Amounts = Array.ConvertAll(postings, posting => posting.Amount),
            });
    }

    private static List<Event> Issued(
        Transaction transaction,
        AllocationRun allocation,
        DepartmentTotal[] totals,
        Dictionary<string, Guid> statements) =>
    [
        .. totals
            .Where(total => !IsSpecial(total.Department))
            .Select(total => new StatementIssued
            {
                EventId = Guid.CreateVersion7(transaction.Now),
                OccurredAt = transaction.Now,
                AggregateId = $"{statements[total.Department]}",
                AggregateVersion = 1,
                Period = $"{allocation.Period}",
                Department = total.Department,
                Month = $"{allocation.Period}",
                Total = allocation.Currency.Round(total.Amount),
                Currency = allocation.Currency.Code,
            }),
    ];

    private const string UpdateRun = """
        update chargeback.runs
        set state = 'posted', version = version + 1, external_usage_final = true, posted_at = @Now, posted_by = @Subject
        where id = @Id
        """;

    private const string InsertStatement = """
        insert into chargeback.statements (
            id, run_id, month, department_code, state, version, currency, total, issued_at, acknowledge_by)
        select id, @Run, @Month, department, 'issued', 1, @Currency, total, @Now, acknowledge_by
        from unnest(@Ids, @Departments, @Totals, @AcknowledgeBys) as statement (id, department, total, acknowledge_by)
        """;

    // A line's months of origin are those of the cost that it is a part of; a price is of the month itself.
    private const string InsertLines = """
        with origins as (
            select pool_code, coalesce(department_code::text, '') as department,
                coalesce(customer_code::text, '') as customer,
                array_agg(distinct origin_month::date order by origin_month::date) as months
            from chargeback.run_costs
            where run_id = @Run
            group by pool_code, department_code, customer_code
        )
        insert into chargeback.statement_lines (
            id, statement_id, department_code, position, kind, pool_code, pool_name, service_code, customer_code,
            amount, exact, rounding_units, quantity, total_quantity, share, origin_months)
        select issued.id, issued.statement_id, line.department_code, line.position, line.kind, line.pool_code,
            named.name, pool.service_code, line.customer_code, line.amount, line.exact, line.rounding_units,
            line.quantity, line.total_quantity, line.share, coalesce(origins.months, array[@Month::date])
        from unnest(@Ids, @Statements) with ordinality as issued (id, statement_id, position)
        join chargeback.run_lines line on line.run_id = @Run and line.position = issued.position
        join chargeback.run_pools pool on pool.run_id = line.run_id and pool.pool_code = line.pool_code
        join chargeback.cost_pools named on named.code = line.pool_code
        left join origins on line.kind <> 'rateCard' and origins.pool_code = line.pool_code
            and origins.customer = coalesce(line.customer_code::text, '')
            and origins.department = case
                when line.kind = 'direct' and line.customer_code is null then line.department_code::text
                else ''
            end
        """;

    private const string InsertTransaction = """
        insert into chargeback.journal_transactions (id, month, run_id, kind, currency, posted_at, posted_by)
        values (@Id, @Month, @Run, 'posting', @Currency, @Now, @Subject)
        """;

    private const string InsertEntries = """
        insert into chargeback.journal_entries (transaction_id, position, account_kind, account_code, amount)
        select @Id, number, kind, code, amount
        from unnest(@Kinds, @Codes, @Amounts) with ordinality as entry (kind, code, amount, number)
        """;
}
