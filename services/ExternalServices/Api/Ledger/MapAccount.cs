using System.Text.Json;
using ExternalServices.Domain.Ledger;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Ledger;

/// <summary>Says what an account is called in the accounting system.</summary>
public static class MapAccount
{
    public sealed record Request
    {
        /// <summary>For example <c>430000</c>; letters, digits, dots and dashes.</summary>
        public required string ErpAccount { get; init; }
    }

    public static async Task<IResult> Handle(
        string code,
        string account,
        Request body,
        IfMatch ifMatch,
        Database database,
        CancellationToken cancellationToken) =>
        Answer.Of(
            await database.InTransaction(
                Tenant.Provider, transaction => Map(transaction, code, account, body, ifMatch), cancellationToken),
            mapped => Answer.Ok(mapped) with { Version = mapped.Version });

    private static async Task<Outcome<BookAccount>> Map(
        Transaction transaction, string legalEntity, string account, Request body, IfMatch ifMatch)
    {
        if (new Fields().Code("/erpAccount", body.ErpAccount).Refusal is { } refusal) return refusal;

        // Two first mappings at the same time have no row yet to wait at.
        await transaction.Execute(Lock, new { LegalEntity = legalEntity });
        if (await ListAccounts.Read(transaction, legalEntity) is not { } accounts)
        {
            return Refusal.NotFound("legal-entity", legalEntity);
        }

        if (accounts.Items.SingleOrDefault(each => NameOf(each.Account) == account) is not { } current)
        {
            return Refusal.NotFound("ledger-account", account);
        }

        if (ifMatch.Check(current.Version) is { } stale) return stale;
        var mapped = current with { ErpAccount = body.ErpAccount, Version = current.Version + 1 };
        await transaction.Execute(
            Upsert, new { LegalEntity = legalEntity, Account = account, mapped.ErpAccount, mapped.Version });
        return mapped;
    }

    /// <summary>As the list shows it.</summary>
    private static string NameOf(LedgerAccount account) => JsonNamingPolicy.CamelCase.ConvertName(account.ToString());

    private const string Lock = "select from parties.legal_entities where code = @LegalEntity for no key update";

    private const string Upsert = """
        insert into ledger.account_mappings (legal_entity, account, erp_account, version)
        values (@LegalEntity, @Account, @ErpAccount, @Version)
        on conflict (legal_entity, account) do update
        set erp_account = excluded.erp_account, version = excluded.version
        """;
}
