using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Chargeback.Journal;

/// <summary>The double entry behind the statements.</summary>
public static class JournalEndpoints
{
    public const string Tag = "Journal";

    public static void MapJournal(this IEndpointRouteBuilder routes)
    {
        var journal = routes.MapGroup("/internal/v1/journal").WithTags(Tag).Allow(Callers.Provider);
        MapEntries(journal);
        MapTransactions(journal);
        MapAccounts(journal.MapGroup("/accounts"));
        MapFiles(journal);
    }

    private static void MapEntries(RouteGroupBuilder journal)
    {
        journal.MapGet("", ListJournal.Handle)
            .Describe(
                "listJournal",
                "List the journal of a month",
                "Cost goes from the pool where it arose to the department that bears it; every transaction sums to "
                    + "zero.")
            .Answers<Page<ListJournal.Entry>>();
        journal.MapGet("/trial-balance", GetTrialBalance.Handle)
            .Describe(
                "getTrialBalance",
                "Read the trial balance of a month",
                "What every account had before the month, its debits and credits in it, and what it has after. The "
                    + "sums of all accounts are zero.")
            .Answers<GetTrialBalance.TrialBalance>();
    }

    private static void MapTransactions(RouteGroupBuilder journal)
    {
        journal.MapPost("/opening-balances", TakeOverBalances.Handle)
            .Allow(Callers.Provider, TakeOverBalances.Role)
            .Describe(
                "takeOverBalances",
                "Take over balances",
                """
                Books what accounts had in the books kept before, in one transaction. Where the balances do not cancel,
                the rest stands against the account `OPENING-BALANCE`. Balances taken over by mistake are reversed.
                """)
            .RequireIdempotencyKey()
            .Answers<JournalTransaction>(StatusCodes.Status201Created)
            .Refuses(409, "period-not-open", "The month is closing or closed.")
            .Refuses(422, "invalid-fields", "A member breaks a rule or names an account that is not there.");
        journal.MapGet("/transactions/{id:guid}", GetJournalTransaction.Handle)
            .Describe(
                "getJournalTransaction",
                "Read a journal transaction",
                "What it books and what it reverses; its entries are in the journal of its month.")
            .Answers<JournalTransaction>();
        journal.MapPost("/transactions/{id:guid}/reverse", ReverseJournalTransaction.Handle)
            .Allow(Callers.Provider, TakeOverBalances.Role)
            .Describe(
                "reverseJournalTransaction",
                "Reverse balances taken over",
                """
                Books the same with the sides exchanged: in the same month or, where that is closing or closed, in the
                earliest open one after it. A posted run is reversed by its own operation.
                """)
            .RequireIdempotencyKey()
            .Answers<JournalTransaction>(StatusCodes.Status201Created)
            .Refuses(409, "not-reversible", "It is not a transaction of balances taken over.")
            .Refuses(409, "already-reversed", "Another transaction reverses it already.");
    }

    private static void MapAccounts(RouteGroupBuilder accounts)
    {
        accounts.MapGet("", ListAccounts.Handle)
            .Describe(
                "listJournalAccounts",
                "List accounts",
                "Every pool and department, by kind and code, with what the accounting system calls it.")
            .Answers<Page<BookAccount>>();
        accounts.MapGet("/{kind}/{code}", GetAccount.Handle)
            .Describe("getJournalAccount", "Read an account", "`kind` is `pool`, `department` or `openingBalance`.")
            .Answers<BookAccount>();
        accounts.MapPut("/{kind}/{code}", MapAccount.Handle)
            .Describe(
                "mapJournalAccount",
                "Map an account",
                "Says what the accounting system calls an account; files of the journal and the trial balance show it.")
            .RequireIfMatch()
            .Answers<BookAccount>()
            .Refuses(422, "invalid-fields", "A name is not of the documented form.");
    }

    private static void MapFiles(RouteGroupBuilder journal)
    {
        journal.MapGet("/csv", ExportJournalCsv.Handle)
            .Describe(
                "exportJournalCsv",
                "Export the journal as CSV",
                """
                An entry a row, with the accounts of the accounting system where they are mapped: of the months `from`
                to `to`, both included; a side that is left out is open.
                """)
            .AnswersFile(Forms.Csv);
        journal.MapGet("/ledger", ExportLedger.Handle)
            .Describe(
                "exportJournalLedger",
                "Export the journal for hledger",
                """
                Plain text that `hledger check --strict` accepts, of the months `from` to `to`, both included. A
                transaction stands on the last day of the month whose books it is in, so that balances of a month are
                those of its trial balance.
                """)
            .AnswersFile(Forms.PlainText);
        journal.MapGet("/focus", ExportFocus.Handle)
            .Describe(
                "exportJournalFocus",
                "Export a month as FOCUS rows",
                """
                What the posted run made of the pools, as CSV in the columns of the Cost and Usage dataset of FOCUS 1.3.
                A pool is the origin charge, with nothing left on it; each line is an allocated charge, with
                `AllocatedMethodId` (`method/driver`, or `assigned` for cost that stands at its bearer directly),
                `AllocatedMethodDetails` (the share before rounding, unit and quantity), `AllocatedResourceId` and
                `AllocatedResourceName` (the department; none for `UNALLOCATED`) and `AllocatedTags`. The rows of a pool
                sum to its cost.
                """)
            .AnswersFile(Forms.Csv);
    }
}
