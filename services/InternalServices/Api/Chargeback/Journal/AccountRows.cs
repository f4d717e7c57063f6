using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;

namespace InternalServices.Api.Chargeback.Journal;

/// <summary>The accounts of the books with what they are called in the accounting system.</summary>
internal static class AccountRows
{
    public static Task<BookAccount?> Load(Transaction transaction, JournalAccount kind, string code) =>
        transaction.SingleOrDefault<BookAccount>(Select, new { Kind = kind, Code = code });

    /// <summary>By kind and code.</summary>
    public static Task<IReadOnlyList<BookAccount>> LoadPage(
        Transaction transaction, string afterKind, string afterCode, int fetch) =>
        transaction.Query<BookAccount>(
            SelectPage, new { AfterKind = afterKind, AfterCode = afterCode, Fetch = fetch });

    private const string Accounts = """
        with account as (
            select 'pool' as kind, code, name from chargeback.cost_pools
            union all
            select 'department', code, name from organisation.departments
            union all
            select 'openingBalance', 'OPENING-BALANCE', 'Books kept before'
        )
        select account.kind, account.code, account.name, mapping.erp_account, mapping.erp_cost_center,
            coalesce(mapping.version, 0) as version
        from account
        left join chargeback.account_mappings mapping
            on mapping.account_kind = account.kind and mapping.account_code = account.code
        """;

    private const string Select = $"{Accounts} where account.kind = @Kind and account.code = @Code";

    private const string SelectPage = $"""
        {Accounts}
        where (account.kind collate "C", account.code) > (@AfterKind, @AfterCode)
        order by account.kind collate "C", account.code
        limit @Fetch
        """;
}
