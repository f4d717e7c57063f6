using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.CostImports;

/// <summary>
/// A provider's billing account and period of an import that nothing has replaced and nobody has reversed.
/// </summary>
internal sealed record StandingScope
{
    public required Guid ImportId { get; init; }

    public required int Position { get; init; }
}

/// <summary>Finds what a file covers and takes it back by entries that cancel it.</summary>
internal static class StandingScopes
{
    /// <summary>What the rows of a file cover of other imports.</summary>
    /// <param name="transaction">Reads it.</param>
    /// <param name="tally">The file.</param>
    /// <param name="except">The file's own import.</param>
    public static Task<IReadOnlyList<StandingScope>> Covered(Transaction transaction, CostTally tally, Guid? except)
    {
        var scopes = tally.Sums.Keys.Select(destination => destination.Scope).Distinct().ToArray();
        return transaction.Query<StandingScope>(
            SelectCovered,
            new
            {
                Except = except,
                Providers = Array.ConvertAll(scopes, scope => scope.Provider),
                Accounts = Array.ConvertAll(scopes, scope => scope.BillingAccount),
                Starts = Array.ConvertAll(scopes, scope => scope.BillingPeriodStart),
            });
    }

    public static Task<IReadOnlyList<StandingScope>> Of(Transaction transaction, Guid import) =>
        transaction.Query<StandingScope>(SelectOfImport, new { Import = import });

    /// <summary>
    /// Cancels their entries: in the same month while it is open, else in the earliest open one after it.
    /// </summary>
    public static async Task Cancel(
        Transaction transaction, OpenMonths months, IReadOnlyList<StandingScope> scopes, string subject)
    {
        var entries = await transaction.Query<StandingEntry>(
            SelectEntries,
            new
            {
                Imports = scopes.Select(scope => scope.ImportId).ToArray(),
                Positions = scopes.Select(scope => scope.Position).ToArray(),
            });
        var landings = entries.Select(entry => months.LandingOf(entry.Month)).ToArray();
        await months.Begin(transaction, landings);
        await transaction.Execute(
            InsertReversals,
            new
            {
                Ids = entries.Select(_ => Guid.CreateVersion7(transaction.Now)).ToArray(),
                Entries = entries.Select(entry => entry.Id).ToArray(),
                Months = landings,
                transaction.Now,
                Subject = subject,
            });
    }

    private sealed record StandingEntry
    {
        public required Guid Id { get; init; }

        public required Period Month { get; init; }
    }

    private const string SelectCovered = """
        select distinct scope.import_id, scope.position
        from unnest(@Providers, @Accounts, @Starts) as covered (provider, account, start)
        join chargeback.cost_import_scopes scope on scope.provider = covered.provider
            and scope.billing_account = covered.account and scope.billing_period_start = covered.start
            and scope.replaced_by is null
        join chargeback.cost_imports import on import.id = scope.import_id and import.reversed_at is null
        where @Except::uuid is null or import.id <> @Except
        order by scope.import_id, scope.position
        """;

    private const string SelectOfImport = """
        select import_id, position from chargeback.cost_import_scopes where import_id = @Import and replaced_by is null
        """;

    private const string SelectEntries = """
        select entry.id, entry.month
        from unnest(@Imports, @Positions) as scope (import, position)
        join chargeback.cost_entries entry on entry.import_id = scope.import and entry.import_scope = scope.position
        where entry.reverses is null
        """;

    private const string InsertReversals = """
        insert into chargeback.cost_entries (
            id, month, origin_month, pool_code, kind, department_code, customer_code, amount, rows, reference,
            import_id, import_scope, reverses, original_currency, original_amount, rate, rate_day, recorded_at,
            recorded_by)
        select reversal.id, reversal.month, entry.origin_month, entry.pool_code, entry.kind, entry.department_code,
            entry.customer_code, -entry.amount, -entry.rows, entry.reference || '/reversed', entry.import_id,
            entry.import_scope, entry.id, entry.original_currency, -entry.original_amount, entry.rate, entry.rate_day,
            @Now, @Subject
        from unnest(@Ids, @Entries, @Months) as reversal (id, entry, month)
        join chargeback.cost_entries entry on entry.id = reversal.entry
        """;
}
