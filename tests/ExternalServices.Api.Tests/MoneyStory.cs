using Testing.Documents;

namespace ExternalServices.Api.Tests;

/// <summary>What becomes of the story's invoices: money, books, documents.</summary>
public sealed class MoneyStory(ExternalService service, ApiStory story)
{
    private const string Entity = "NORTHWIND-ES";

    private string Provider => service.Issuer.Provider("operator");

    public async Task Tell() => await TellLedger();

    private async Task TellLedger()
    {
        await story.Tell(
            "mapAccount", 200, Provider, ("code", Entity), ("account", "receivables"), ("If-Match", "\"0\""));
        await story.Tell("listAccounts", 200, Provider, ("code", Entity));
        var opening = await story.Tell("takeOverBalance", 201, Provider, ("Idempotency-Key", "opening-bank"));
        await story.Tell("getLedgerTransaction", 200, Provider, ("id", opening.Text("id")));
        await story.Tell(
            "reverseTransaction", 201, Provider, ("id", opening.Text("id")), ("Idempotency-Key", "reverse-bank"));
        await story.Tell("listLedgerTransactions", 200, Provider, ("legalEntity", Entity), ("customer", "ACME"));
        await story.Tell("getTrialBalance", 200, Provider, ("legalEntity", Entity));
        await story.Tell("exportJournal", 200, Provider, ("legalEntity", Entity));
    }
}
