using ExternalServices.Domain.Ledger;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Ledger;

/// <summary>The balance of every account of a legal entity.</summary>
public sealed record TrialBalance
{
    public required string LegalEntity { get; init; }

    /// <summary>The last day that counts; null for all.</summary>
    public required DateOnly? Through { get; init; }

    /// <summary>By currency and account.</summary>
    public required IReadOnlyList<AccountBalance> Accounts { get; init; }

    /// <summary>Σ balances of each currency: always zero.</summary>
    public required IReadOnlyList<Money> Totals { get; init; }
}

/// <summary>One account in one currency.</summary>
public sealed record AccountBalance
{
    public required LedgerAccount Account { get; init; }

    public required LedgerAccountType Type { get; init; }

    /// <summary>The account in the accounting system, where it is mapped.</summary>
    public required string? ErpAccount { get; init; }

    /// <summary>Σ debits.</summary>
    public required Money Debit { get; init; }

    /// <summary>Σ credits.</summary>
    public required Money Credit { get; init; }

    /// <summary>Debits less credits.</summary>
    public required Money Balance { get; init; }
}

public static class GetTrialBalance
{
    public static async Task<IResult> Handle(
        string legalEntity, DateOnly? through, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(
                Tenant.Provider, transaction => Read(transaction, legalEntity, through), cancellationToken),
            "legal-entity",
            legalEntity);

    private static async Task<TrialBalance?> Read(Transaction transaction, string legalEntity, DateOnly? through)
    {
        var key = new { LegalEntity = legalEntity, Through = through };
        if (!await transaction.Scalar<bool>(Exists, key)) return null;
        var sums = await transaction.Query<Sums>(Select, key);
        return new TrialBalance
        {
            LegalEntity = legalEntity,
            Through = through,
            Accounts = [.. sums.Select(sum => sum.ToBalance())],
            Totals =
            [
                .. sums.GroupBy(sum => sum.Currency)
                    .Select(same => new Money(same.Sum(sum => sum.Debit - sum.Credit), same.Key)),
            ],
        };
    }

    private sealed record Sums
    {
        public required Currency Currency { get; init; }

        public required LedgerAccount Account { get; init; }

        public required string? ErpAccount { get; init; }

        public required decimal Debit { get; init; }

        public required decimal Credit { get; init; }

        public AccountBalance ToBalance() => new()
        {
            Account = Account,
            Type = LedgerAccounts.TypeOf(Account),
            ErpAccount = ErpAccount,
            Debit = new Money(Debit, Currency),
            Credit = new Money(Credit, Currency),
            Balance = new Money(Debit - Credit, Currency),
        };
    }

    private const string Exists = "select exists (select from parties.legal_entities where code = @LegalEntity)";

    private const string Select = """
        select entry.currency, entry.account, mapping.erp_account,
            coalesce(sum(entry.amount) filter (where entry.amount > 0), 0) as debit,
            coalesce(-sum(entry.amount) filter (where entry.amount < 0), 0) as credit
        from ledger.entries entry
        left join ledger.account_mappings mapping
            on mapping.legal_entity = entry.legal_entity and mapping.account = entry.account
        where entry.legal_entity = @LegalEntity and (@Through::date is null or entry.day <= @Through)
        group by entry.currency, entry.account, mapping.erp_account
        order by entry.currency, entry.account
        """;
}
