using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Journal;

/// <summary>Debits, credits and balance of every account of a month.</summary>
public static class GetTrialBalance
{
    public sealed record TrialBalance
    {
        public required Period Month { get; init; }

        public required Money Debits { get; init; }

        public required Money Credits { get; init; }

        /// <summary>Debits less credits; always zero.</summary>
        public required Money Difference { get; init; }

        /// <summary>By kind and code.</summary>
        public required IReadOnlyList<Account> Accounts { get; init; }
    }

    public sealed record Account
    {
        public required JournalAccount Kind { get; init; }

        public required string Code { get; init; }

        public required Money Debits { get; init; }

        public required Money Credits { get; init; }

        /// <summary>Debits less credits.</summary>
        public required Money Balance { get; init; }
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
        var debits = new Money(accounts.Sum(account => account.Debits.Amount), currency);
        var credits = new Money(accounts.Sum(account => account.Credits.Amount), currency);
        return new TrialBalance
        {
            Month = month,
            Debits = debits,
            Credits = credits,
            Difference = debits - credits,
            Accounts = accounts,
        };
    }

    private sealed record Row
    {
        public required JournalAccount Kind { get; init; }

        public required string Code { get; init; }

        public required decimal Debits { get; init; }

        public required decimal Credits { get; init; }

        public Account ToAccount(Currency currency)
        {
            var debits = new Money(Debits, currency);
            var credits = new Money(Credits, currency);
            return new Account
            {
                Kind = Kind,
                Code = Code,
                Debits = debits,
                Credits = credits,
                Balance = debits - credits,
            };
        }
    }

    private const string Select = """
        select entry.account_kind as kind, entry.account_code as code,
            coalesce(sum(entry.amount) filter (where entry.amount > 0), 0) as debits,
            coalesce(-sum(entry.amount) filter (where entry.amount < 0), 0) as credits
        from chargeback.journal_transactions transaction
        join chargeback.journal_entries entry on entry.transaction_id = transaction.id
        where transaction.month = @Month
        group by entry.account_kind, entry.account_code
        order by entry.account_kind, entry.account_code
        """;
}
