using ExternalServices.Api.Payments;
using ExternalServices.Domain.Ledger;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Ledger;

/// <summary>Takes over the balance of an account from the books that were kept before.</summary>
public static class TakeOverBalance
{
    private const decimal HighestAmount = 999_999_999_999m;

    public sealed record Request
    {
        public required string LegalEntity { get; init; }

        /// <summary>The day on which these books take over.</summary>
        public required DateOnly Day { get; init; }

        public required LedgerAccount Account { get; init; }

        /// <summary>For receivables and customers' balances; null for the other accounts.</summary>
        public string? Customer { get; init; }

        /// <summary>
        /// Debits are positive, credits negative. What a customer owes is a debit of receivables, what it has to its
        /// credit a credit of its balance.
        /// </summary>
        public required Money Amount { get; init; }

        /// <summary>
        /// Of receivables: by which payments name it, such as the invoice's number in the books kept before.
        /// </summary>
        public string? Reference { get; init; }

        /// <summary>As the statement shows it.</summary>
        public required string Description { get; init; }
    }

    public static Task<IResult> Handle(
        Request body, Caller caller, Once once, CancellationToken cancellationToken) =>
        once.Run(
            transaction => TakeOver(transaction, body, caller),
            booked => Answer.Created($"/external/v1/ledger/transactions/{booked.Id}", booked),
            cancellationToken);

    private static async Task<Outcome<BookedTransaction>> TakeOver(
        Transaction transaction, Request body, Caller caller)
    {
        if (Check(body) is { } refusal) return refusal;
        if (!await transaction.Scalar<bool>(LegalEntityExists, new { body.LegalEntity }))
        {
            return Refusal.Rejected(
                "legal-entity-not-found", $"There is no legal entity '{body.LegalEntity}'.", "/legalEntity");
        }

        if (body.Customer is not null && await CheckCustomer(transaction, body) is { } unfit) return unfit;
        var fact = new LedgerFact
        {
            Id = Guid.CreateVersion7(transaction.Now),
            LegalEntity = body.LegalEntity,
            Customer = body.Customer,
            Kind = LedgerKind.OpeningBalance,
            Day = body.Day,
            Description = body.Description,
        };
        await LedgerWriter.Post(transaction, Bookings.Opening(fact, body.Account, body.Amount));
        return await Open(transaction, body, fact.Id, caller) is { } taken
            ? taken
            : (await GetLedgerTransaction.Read(transaction, fact.Id))!;
    }

    private static Refusal? Check(Request body)
    {
        var isPerCustomer = LedgerAccounts.IsPerCustomer(body.Account);
        return new Fields()
            .Text("/description", body.Description)
            .Text("/reference", body.Reference ?? "none")
            .Check(
                "/reference",
                (body.Account == LedgerAccount.Receivables) == (body.Reference is not null),
                body.Reference is null ? "reference-missing" : "no-reference",
                "Receivables, and only they, have a reference by which payments name them.")
            .Check(
                "/account",
                body.Account != LedgerAccount.OpeningBalance,
                "opening-balance",
                "The other side of every balance that is taken over is openingBalance already.")
            .Check(
                "/customer",
                isPerCustomer == (body.Customer is not null),
                isPerCustomer ? "customer-missing" : "no-customer",
                $"Entries of {body.Account} {(isPerCustomer ? "name" : "do not name")} a customer.")
            .Check(
                "/amount",
                body.Amount.Amount != 0 && decimal.Abs(body.Amount.Amount) <= HighestAmount,
                "out-of-range",
                $"An amount is not zero and at most {HighestAmount}.")
            .Check(
                "/amount",
                body.Account switch
                {
                    LedgerAccount.Receivables => body.Amount.Amount >= 0,
                    LedgerAccount.CustomerBalance => body.Amount.Amount <= 0,
                    _ => true,
                },
                "wrong-side",
                "Receivables are debits, above zero; a customer's balance is a credit, below zero.")
            .Refusal;
    }

    private static async Task<Refusal?> CheckCustomer(Transaction transaction, Request body)
    {
        if (await transaction.SingleOrDefault<string>(
                SelectCurrency, new { body.Customer, body.LegalEntity }) is not { } currency)
        {
            return Refusal.Rejected(
                "customer-not-found", $"{body.LegalEntity} invoices no customer '{body.Customer}'.", "/customer");
        }

        return currency == body.Amount.Currency.Code
            ? null
            : Refusal.Rejected("currency-mismatch", $"{body.Customer} pays in {currency}.", "/amount");
    }

    /// <summary>What a customer owes can be paid, and what it has can be used.</summary>
    private static async Task<Refusal?> Open(Transaction transaction, Request body, Guid id, Caller caller)
    {
        if (body.Account == LedgerAccount.CustomerBalance)
        {
            var fund = new NewFund(
                id, FundKind.TakenOver, body.Customer!, body.LegalEntity, body.Day, body.Description);
            await Funds.Add(transaction, fund, -body.Amount, caller.Subject);
        }

        return body.Account != LedgerAccount.Receivables
            || await TakenOver.Add(
                transaction, id, body.Customer!, body.LegalEntity, body.Reference!, body.Amount)
            ? null
            : Refusal.Conflict(
                "reference-taken", $"{body.Customer} has an invoice or a receivable '{body.Reference}' already.");
    }

    private const string LegalEntityExists =
        "select exists (select from parties.legal_entities where code = @LegalEntity)";

    private const string SelectCurrency =
        "select currency from parties.customers where code = @Customer and legal_entity = @LegalEntity";
}
