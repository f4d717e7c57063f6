using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Journal;

/// <summary>What every account had before a month, its debits and credits in it, and what it has after.</summary>
public static class GetTrialBalance
{
    public sealed record TrialBalance
    {
        public required Period Month { get; init; }

        public required Money Debits { get; init; }

        public required Money Credits { get; init; }

        /// <summary>Debits less credits; always zero.</summary>
        public required Money Difference { get; init; }

        /// <summary>Σ balances before the month; always zero.</summary>
        public required Money Opening { get; init; }

        /// <summary>Σ balances after the month; always zero.</summary>
        public required Money Closing { get; init; }

        /// <summary>By kind and code.</summary>
        public required IReadOnlyList<Account> Accounts { get; init; }
    }

    public sealed record Account
    {
        public required JournalAccount Kind { get; init; }

        public required string Code { get; init; }

        /// <summary>The account in the accounting system, where it is mapped.</summary>
        public required string? ErpAccount { get; init; }

        /// <summary>What it had before the month, balances taken over in earlier months included.</summary>
        public required Money Opening { get; init; }

        public required Money Debits { get; init; }

        public required Money Credits { get; init; }

        /// <summary>Debits less credits of the month.</summary>
        public required Money Balance { get; init; }

        /// <summary>What it has after the month.</summary>
        public required Money Closing { get; init; }
    }

    public static async Task<IResult> Handle(
        Period month, Database database, ProviderOptions provider, CancellationToken cancellationToken)
    {
        var rows = await database.Read(
            Tenant.Provider, transaction => transaction.Query<Row>(Select, new { Month = month }), cancellationToken);
        return Answer.Ok(Of(month, [.. rows.Select(row => row.ToAccount(provider.Currency))], provider.Currency));
    }

    private static TrialBalance Of(Period month, IReadOnlyList<Account> accounts, Currency currency)
    {
        var debits = Sum(account => account.Debits);
        var credits = Sum(account => account.Credits);
        return new TrialBalance
        {
            Month = month,
            Debits = debits,
            Credits = credits,
            Difference = debits - credits,
            Opening = Sum(account => account.Opening),
            Closing = Sum(account => account.Closing),
            Accounts = accounts,
        };

        Money Sum(Func<Account, Money> of) => new(accounts.Sum(account => of(account).Amount), currency);
    }

    private sealed record Row
    {
        public required JournalAccount Kind { get; init; }

        public required string Code { get; init; }

        public string? ErpAccount { get; init; }

        public required decimal Opening { get; init; }

        public required decimal Debits { get; init; }

        public required decimal Credits { get; init; }

        public Account ToAccount(Currency currency)
        {
            var opening = new Money(Opening, currency);
            var debits = new Money(Debits, currency);
            var credits = new Money(Credits, currency);
            return new Account
            {
                Kind = Kind,
                Code = Code,
                ErpAccount = ErpAccount,
                Opening = opening,
                Debits = debits,
                Credits = credits,
                Balance = debits - credits,
                Closing = opening + debits - credits,
            };
        }
    }

    private const string Select = """
        select entry.account_kind as kind, entry.account_code as code, mapping.erp_account,
            coalesce(sum(entry.amount) filter (where transaction.month < @Month), 0) as opening,
            coalesce(sum(entry.amount) filter (where transaction.month = @Month and entry.amount > 0), 0) as debits,
            coalesce(-sum(entry.amount) filter (where transaction.month = @Month and entry.amount < 0), 0) as credits
        from chargeback.journal_transactions transaction
        join chargeback.journal_entries entry on entry.transaction_id = transaction.id
        left join chargeback.account_mappings mapping
            on mapping.account_kind = entry.account_kind and mapping.account_code = entry.account_code
        where transaction.month <= @Month
        group by entry.account_kind, entry.account_code, mapping.erp_account
        order by entry.account_kind, entry.account_code
        """;
}
