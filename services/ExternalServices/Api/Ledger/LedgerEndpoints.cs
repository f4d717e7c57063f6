using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Ledger;

/// <summary>The books in double entry.</summary>
public static class LedgerEndpoints
{
    public const string Tag = "Ledger";

    public static void MapLedger(this IEndpointRouteBuilder routes)
    {
        MapBooks(routes.MapGroup("/external/v1/ledger").WithTags(Tag).Allow(Callers.Provider));
        MapAccounts(
            routes.MapGroup("/external/v1/legal-entities/{code}/ledger-accounts")
                .WithTags(Tag)
                .Allow(Callers.Provider));
    }

    private static void MapBooks(RouteGroupBuilder ledger)
    {
        ledger.MapGet("/transactions", ListLedgerTransactions.Handle)
            .Describe(
                "listLedgerTransactions",
                "List transactions",
                """
                In the order in which they were made; `legalEntity`, `customer` and `kind` narrow the list. Every money
                event is one transaction with the id of its fact; its entries sum to zero in every currency, debits
                positive. Nothing is ever changed: what was wrong is reversed by mirrored entries.
                """)
            .Answers<Page<BookedTransaction>>();
        ledger.MapGet("/transactions/{id:guid}", GetLedgerTransaction.Handle)
            .Describe("getLedgerTransaction", "Read a transaction", "With its entries.")
            .Answers<BookedTransaction>();
        ledger.MapPost("/opening-balances", TakeOverBalance.Handle)
            .Describe(
                "takeOverBalance",
                "Take over a balance",
                "Books the balance that an account had in the books kept before, against `openingBalance`. What a "
                    + "customer owed is then paid like an invoice, by its `reference`; what it had to its credit can "
                    + "be used for invoices, or paid back.")
            .RequireIdempotencyKey()
            .Answers<BookedTransaction>(StatusCodes.Status201Created)
            .Refuses(422, "invalid-fields", "A member is not of the documented form; `errors` names each.")
            .Refuses(422, "legal-entity-not-found", "There is no legal entity with this code.")
            .Refuses(422, "customer-not-found", "The legal entity invoices no such customer.")
            .Refuses(422, "currency-mismatch", "The customer pays in another currency.")
            .Refuses(409, "reference-taken", "The customer has an invoice or a receivable of this reference.");
        ledger.MapPost("/transactions/{id:guid}/reverse", ReverseTransaction.Handle)
            .Describe(
                "reverseTransaction",
                "Reverse a balance taken over",
                "Books the same with the sides exchanged, today. Documents and payments are taken back by their own "
                    + "operations.")
            .RequireIdempotencyKey()
            .Answers<BookedTransaction>(StatusCodes.Status201Created)
            .Refuses(409, "not-reversible", "The transaction books a document, a payment or a reversal.")
            .Refuses(409, "already-reversed", "The transaction was reversed already.")
            .Refuses(409, "balance-used", "Payments were used for it, or some of it for invoices.");
        ledger.MapGet("/trial-balance", GetTrialBalance.Handle)
            .Describe(
                "getTrialBalance",
                "Read the trial balance",
                "Debits, credits and balance of every account of a legal entity, to the end of the day `through`. The "
                    + "total of every currency is zero.")
            .Answers<TrialBalance>();
        ledger.MapGet("/journal", ExportJournal.Handle)
            .Describe(
                "exportJournal",
                "Export the journal",
                "The transactions of a legal entity from one day to another, both included, in the format of hledger: "
                    + "plain text that `hledger check --strict` accepts.")
            .AnswersFile(Forms.PlainText);
    }

    private static void MapAccounts(RouteGroupBuilder accounts)
    {
        accounts.MapGet("", ListAccounts.Handle)
            .Describe(
                "listAccounts",
                "List accounts",
                "Every account of the books, with its name in the accounting system where it is mapped.")
            .Answers<Page<BookAccount>>();
        accounts.MapPut("/{account}", MapAccount.Handle)
            .Describe(
                "mapAccount",
                "Map an account",
                "Says what an account is called in the accounting system. `If-Match` carries the account's version.")
            .RequireIfMatch()
            .Answers<BookAccount>()
            .Refuses(422, "invalid-fields", "A member is not of the documented form; `errors` names each.");
    }
}
