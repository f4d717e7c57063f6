using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Costs;

/// <summary>Records costs of a pool, once per reference.</summary>
public static class RecordCostEntries
{
    public sealed record Item
    {
        /// <summary>The source's own key; unique for ever over all pools, at most 200 characters.</summary>
        public required string Reference { get; init; }

        /// <summary>The month it arose in, as <c>2026-10</c>.</summary>
        public required string Month { get; init; }

        /// <summary>In the currency of the books, below 10^13 with at most 15 decimals; credits are negative.</summary>
        public required Price Amount { get; init; }

        public EntryKind Kind { get; init; } = EntryKind.Actual;

        /// <summary>Code of the department that bears it directly.</summary>
        public string? Department { get; init; }

        /// <summary>Code of the external customer that it is for directly.</summary>
        public string? Customer { get; init; }
    }

    public sealed record Price
    {
        /// <summary>A plain decimal, for example <c>12.50</c>.</summary>
        public required string Amount { get; init; }

        /// <summary>Alphabetic code of ISO 4217.</summary>
        public required string Currency { get; init; }
    }

    public static async Task<IResult> Handle(
        string code,
        HttpRequest request,
        Caller caller,
        Database database,
        ProviderOptions provider,
        CancellationToken cancellationToken)
    {
        var items = await Batch.Read(request, CostJson.Wire.Item, cancellationToken);
        if (items.Refusal is { } unreadable) return Problem.Of(unreadable);

        var answers = await database.InTransaction(
            Tenant.Provider,
            transaction => Record(transaction, code, items.Value, caller.Subject, provider.Currency),
            cancellationToken);
        return Answer.Of(answers, items => Answer.Ok(BatchAnswer.Of(items)));
    }

    private static async Task<Outcome<ItemAnswer[]>> Record(
        Transaction transaction, string pool, List<Item> items, string subject, Currency books)
    {
        if (!await transaction.Scalar<bool>(PoolExists, new { Pool = pool }))
        {
            return Refusal.NotFound("cost-pool", pool);
        }

        var months = await OpenMonths.Hold(transaction);
        var named = items.Select(item => item.Department).OfType<string>().Distinct()
            .Where(department => !department.Contains('\0', StringComparison.Ordinal))
            .ToArray();
        var departments = (await transaction.Query<string>(SelectActive, new { Codes = named })).ToHashSet();
        var answers = new ItemAnswer[items.Count];
        var entries = new List<NewEntry>(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            var read = NewEntry.Read(i, items[i], books, departments);
            if (read.Refusal is { } refusal) answers[i] = ItemAnswer.Rejected(refusal.Code, refusal.Detail);
            else entries.Add(read.Value with { Month = months.LandingOf(read.Value.OriginMonth) });
        }

        await months.Begin(transaction, entries.Select(entry => entry.Month));
        await Insert(transaction, pool, subject, entries);
        await Settle(transaction, pool, entries, answers);
        return answers;
    }

    private static Task<int> Insert(Transaction transaction, string pool, string subject, List<NewEntry> entries) =>
        transaction.Execute(
            InsertEntries,
            new
            {
                Ids = entries.Select(_ => Guid.CreateVersion7(transaction.Now)).ToArray(),
                Months = entries.Select(entry => entry.Month).ToArray(),
                OriginMonths = entries.Select(entry => entry.OriginMonth).ToArray(),
                Kinds = entries.Select(entry => entry.Kind).ToArray(),
                Departments = entries.Select(entry => entry.Department).ToArray(),
                Customers = entries.Select(entry => entry.Customer).ToArray(),
                Amounts = entries.Select(entry => entry.Amount).ToArray(),
                References = entries.Select(entry => entry.Reference).ToArray(),
                Pool = pool,
                Subject = subject,
                transaction.Now,
            });

    /// <summary>Tells what was recorded now from what stood there before, the same or other.</summary>
    private static async Task Settle(
        Transaction transaction, string pool, List<NewEntry> entries, ItemAnswer[] answers)
    {
        var references = entries.Select(entry => entry.Reference).ToArray();
        var stored = (await transaction.Query<Stored>(SelectStored, new { References = references }))
            .ToDictionary(entry => entry.Reference, StringComparer.Ordinal);
        var seen = new HashSet<string>(entries.Count, StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var stands = stored[entry.Reference];
            answers[entry.Index] = !stands.Says(entry, pool) ? ItemAnswer.Conflict
                : stands.Written && seen.Add(entry.Reference) ? ItemAnswer.Accepted
                : ItemAnswer.Duplicate;
        }
    }

    private sealed record Stored
    {
        public required string Reference { get; init; }

        public required string PoolCode { get; init; }

        public required Period OriginMonth { get; init; }

        public required EntryKind Kind { get; init; }

        public string? DepartmentCode { get; init; }

        public string? CustomerCode { get; init; }

        public required decimal Amount { get; init; }

        public Guid? ImportId { get; init; }

        /// <summary>By this transaction.</summary>
        public required bool Written { get; init; }

        public bool Says(NewEntry entry, string pool) =>
            PoolCode == pool && OriginMonth == entry.OriginMonth && Kind == entry.Kind
            && DepartmentCode == entry.Department && CustomerCode == entry.Customer
            && Amount == entry.Amount && ImportId is null;
    }

    private const string PoolExists = "select exists (select from chargeback.cost_pools where code = @Pool)";

    private const string SelectActive = "select code from organisation.departments where code = any(@Codes) and active";

    private const string InsertEntries = """
        insert into chargeback.cost_entries (
            id, month, origin_month, pool_code, kind, department_code, customer_code, amount, rows, reference,
            recorded_at, recorded_by)
        select id, month, origin_month, @Pool, kind, department, customer, amount, 1, reference, @Now, @Subject
        from unnest(@Ids, @Months, @OriginMonths, @Kinds, @Departments, @Customers, @Amounts, @References)
            as entry (id, month, origin_month, kind, department, customer, amount, reference)
        on conflict (reference) do nothing
        """;

    private const string SelectStored = """
        select reference, pool_code, origin_month, kind, department_code, customer_code, amount, import_id,
            xmin = pg_current_xact_id()::xid as written
        from chargeback.cost_entries
        where reference = any(@References)
        """;
}
