using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Journal;

/// <summary>Says what an account is called in the accounting system.</summary>
public static class MapAccount
{
    public sealed record Request
    {
        /// <summary>For example <c>620000</c>; null when it is not mapped any more.</summary>
        public required string? ErpAccount { get; init; }

        /// <summary>
        /// For example <c>CC-4711</c>, where the accounting system keeps cost centres beside accounts.
        /// </summary>
        public string? ErpCostCenter { get; init; }
    }

    public static async Task<IResult> Handle(
        string kind,
        string code,
        Request body,
        IfMatch ifMatch,
        Caller caller,
        Database database,
        CancellationToken cancellationToken) =>
        Answer.Of(
            await database.InTransaction(
                Tenant.Provider,
                transaction => Map(transaction, kind, code, body, ifMatch, caller.Subject),
                cancellationToken),
            account => Answer.Ok(account) with { Version = account.Version });

    private static async Task<Outcome<BookAccount>> Map(
        Transaction transaction, string kind, string code, Request body, IfMatch ifMatch, string subject)
    {
        var fields = new Fields();
        if (body.ErpAccount is { } account) fields.Code("/erpAccount", account);
        if (body.ErpCostCenter is { } center) fields.Code("/erpCostCenter", center);
        if (fields.Refusal is { } refusal) return refusal;
        if (BookAccount.KindOf(kind) is not { } known) return Refusal.NotFound("journal-account", $"{kind}/{code}");

        // Two first mappings at the same time have no row yet to wait at.
        await transaction.Execute(LockMappings);
        if (await AccountRows.Load(transaction, known, code) is not { } current)
        {
            return Refusal.NotFound("journal-account", $"{kind}/{code}");
        }

        if (ifMatch.Check(current.Version) is { } stale) return stale;
        await transaction.Execute(
            Upsert,
            new
            {
                Kind = known,
                Code = code,
                body.ErpAccount,
                body.ErpCostCenter,
                Version = current.Version + 1,
                transaction.Now,
                Subject = subject,
            });
        return (await AccountRows.Load(transaction, known, code))!;
    }

    private const string LockMappings = "select pg_advisory_xact_lock(hashtext('chargeback.account_mappings'))";

    private const string Upsert = """
        insert into chargeback.account_mappings (
            account_kind, account_code, erp_account, erp_cost_center, version, changed_at, changed_by)
        values (@Kind, @Code, @ErpAccount, @ErpCostCenter, @Version, @Now, @Subject)
        on conflict (account_kind, account_code) do update
        set erp_account = excluded.erp_account, erp_cost_center = excluded.erp_cost_center,
            version = excluded.version, changed_at = excluded.changed_at, changed_by = excluded.changed_by
        """;
}
