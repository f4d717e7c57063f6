using ExternalServices.Domain.Ledger;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
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

        /// <summary>Debits are positive, credits negative.</summary>
        public required Money Amount { get; init; }

        /// <summary>As the statement shows it.</summary>
        public required string Description { get; init; }
    }

    public static Task<IResult> Handle(Request body, Once once, CancellationToken cancellationToken) =>
        once.Run(
            transaction => TakeOver(transaction, body),
            booked => Answer.Created($"/external/v1/ledger/transactions/{booked.Id}", booked),
            cancellationToken);

    private static async Task<Outcome<BookedTransaction>> TakeOver(Transaction transaction, Request body)
    {
        var isPerCustomer = LedgerAccounts.IsPerCustomer(body.Account);
        var fields = new Fields()
            .Text("/description", body.Description)
            .Check(
                "/account",
                body.Account != LedgerAccount.OpeningBalance,
                "opening-balance",
                "The other side of every balance that is taken over is openingBalance already.")
            .Check(
                "/customer",
                isPerCustomer == body.Customer is not null,
                isPerCustomer ? "customer-missing" : "no-customer",
                $"Entries of {body.Account} {(isPerCustomer ? "name" : "do not name")} a customer.")
            .Check(
                "/amount",
                body.Amount.Amount != 0 && decimal.Abs(body.Amount.Amount) <= HighestAmount,
                "out-of-range",
                $"An amount is not zero and at most {HighestAmount}.");
        if (fields.Refusal is { } refusal) return refusal;
        if (!await transaction.Scalar<bool>(LegalEntityExists, new { body.LegalEntity }))
        {
            return Refusal.Rejected(
                "legal-entity-not-found", $"There is no legal entity '{body.LegalEntity}'.", "/legalEntity");
        }

        if (isPerCustomer && !await transaction.Scalar<bool>(CustomerExists, new { body.Customer, body.LegalEntity }))
        {
            return Refusal.Rejected(
                "customer-not-found", $"{body.LegalEntity} invoices no customer '{body.Customer}'.", "/customer");
        }

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
        return (await GetLedgerTransaction.Read(transaction, fact.Id))!;
    }

    private const string LegalEntityExists =
        "select exists (select from parties.legal_entities where code = @LegalEntity)";

    private const string CustomerExists = """
        select exists (select from parties.customers where code = @Customer and legal_entity = @LegalEntity)
        """;
}
