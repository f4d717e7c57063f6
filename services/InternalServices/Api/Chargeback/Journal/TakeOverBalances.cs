using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Journal;

/// <summary>Takes over the balances of accounts from the books that were kept before.</summary>
public static class TakeOverBalances
{
    /// <summary>The role of those who may.</summary>
    public const string Role = "controller";

    public const int MaxBalances = 1000;

    private const decimal HighestAmount = 999_999_999_999m;

    public sealed record Request
    {
        /// <summary>The month with which these books take over; it must still take costs.</summary>
        public required Period Month { get; init; }

        /// <summary>Where the balances come from.</summary>
        public required string Description { get; init; }

        /// <summary>Each account once.</summary>
        public required IReadOnlyList<Balance> Balances { get; init; }
    }

    public sealed record Balance
    {
        /// <summary><c>pool</c> or <c>department</c>.</summary>
        public required JournalAccount Kind { get; init; }

        /// <summary>Code of the pool or department.</summary>
        public required string Code { get; init; }

        /// <summary>Debits are positive, credits negative.</summary>
        public required Money Amount { get; init; }
    }

    public static Task<IResult> Handle(
        Request body, Once once, Caller caller, ProviderOptions provider, CancellationToken cancellationToken) =>
        once.Run(
            transaction => TakeOver(transaction, body, provider.Currency, caller.Subject),
            booked => Answer.Created($"/internal/v1/journal/transactions/{booked.Id}", booked),
            cancellationToken);

    private static async Task<Outcome<JournalTransaction>> TakeOver(
        Transaction transaction, Request body, Currency books, string subject)
    {
        if (Check(body, books).Refusal is { } refusal) return refusal;
        if (await Unknown(transaction, body.Balances) is { } unknown) return unknown;

        var months = await OpenMonths.Hold(transaction);
        var state = months.StateOf(body.Month);
        if (state is PeriodState.Closing or PeriodState.Closed)
        {
            return Refusal.Conflict(
                "period-not-open", $"{body.Month} is {state.Spelled()}; its books stay as they are.", state.Spelled());
        }

        await months.Begin(transaction, [body.Month]);
        var id = await Book(transaction, body, books, subject);
        return (await JournalTransaction.Load(transaction, id))!;
    }

    private static Fields Check(Request body, Currency books)
    {
        var fields = new Fields()
            .Text("/description", body.Description)
            .Count("/balances", body.Balances.Count, MaxBalances);
        var seen = new HashSet<(JournalAccount, string)>();
        for (var i = 0; i < body.Balances.Count && i < MaxBalances; i++)
        {
            var (kind, code, amount) = (body.Balances[i].Kind, body.Balances[i].Code, body.Balances[i].Amount);
            fields
                .Check(
                    $"/balances/{i}/kind",
                    kind != JournalAccount.OpeningBalance,
                    "opening-balance",
                    "The other side of every balance that is taken over is the opening balance already.")
                .Code($"/balances/{i}/code", code)
                .Check(
                    $"/balances/{i}/code",
                    seen.Add((kind, code)),
                    "account-repeated",
                    $"An earlier balance is that of '{code}' already.")
                .Check(
                    $"/balances/{i}/amount/currency",
                    amount.Currency == books,
                    "currency-mismatch",
                    $"The books are kept in {books}.")
                .Check(
                    $"/balances/{i}/amount",
                    amount.Amount != 0 && decimal.Abs(amount.Amount) <= HighestAmount,
                    "out-of-range",
                    $"An amount is not zero and at most {HighestAmount}.");
        }

        return fields;
    }

    private static async Task<Refusal?> Unknown(Transaction transaction, IReadOnlyList<Balance> balances)
    {
        var known = await transaction.Query<int>(
            SelectKnown,
            new
            {
                Kinds = balances.Select(balance => balance.Kind).ToArray(),
                Codes = balances.Select(balance => balance.Code).ToArray(),
            });
        var fields = new Fields();
        foreach (var i in Enumerable.Range(0, balances.Count).Except(known))
        {
            fields.Check(
                $"/balances/{i}/code",
                holds: false,
                "account-not-found",
                $"There is no {balances[i].Kind.Spelled()} '{balances[i].Code}'.");
        }

        return fields.Refusal;
    }

    private static async Task<Guid> Book(Transaction transaction, Request body, Currency books, string subject)
    {
        var id = Guid.CreateVersion7(transaction.Now);
        var balances = body.Balances
            .Select(balance => new JournalPosting(balance.Kind, balance.Code, balance.Amount.Amount));
        var postings = OpeningBalances.Balanced([.. balances]);
        await transaction.Execute(
            InsertTransaction,
            new
            {
                Id = id,
                body.Month,
                body.Description,
                Currency = books,
                transaction.Now,
                Subject = subject,
            });
        await transaction.Execute(
            InsertEntries,
            new
            {
                Id = id,
                Kinds = postings.Select(posting => posting.Account).ToArray(),
                Codes = postings.Select(posting => posting.Code).ToArray(),
                Amounts = postings.Select(posting => posting.Amount).ToArray(),
            });
        return id;
    }

    private const string SelectKnown = """
        select (asked.number - 1)::int
        from unnest(@Kinds, @Codes) with ordinality as asked (kind, code, number)
        where asked.kind = 'pool' and exists (select from chargeback.cost_pools pool where pool.code = asked.code)
            or asked.kind = 'department'
                and exists (select from organisation.departments department where department.code = asked.code)
        """;

    private const string InsertTransaction = """
        insert into chargeback.journal_transactions (id, month, kind, description, currency, posted_at, posted_by)
        values (@Id, @Month, 'openingBalance', @Description, @Currency, @Now, @Subject)
        """;

    private const string InsertEntries = """
        insert into chargeback.journal_entries (transaction_id, position, account_kind, account_code, amount)
        select @Id, number, kind, code, amount
        from unnest(@Kinds, @Codes, @Amounts) with ordinality as entry (kind, code, amount, number)
        """;
}
