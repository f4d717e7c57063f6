using System.Net;
using Testing;
using Testing.Documents;

namespace ExternalServices.Api.Tests;

/// <summary>What becomes of the story's invoices: money, books, documents.</summary>
public sealed class MoneyStory(ExternalService service, ApiStory story)
{
    private const string Entity = "NORTHWIND-ES";

    private string Provider => service.Issuer.Provider("operator");

    public async Task Tell()
    {
        var invoice = (await service.Provider.Get("/external/v1/invoices?customer=ACME")).Text("items.0.id");
        await TellCredits(invoice);
        await TellPayments();
        await TellDunning();
        await TellEnds(invoice);
        await TellRevenue();
        await TellLedger();
        await TellIntegrity();
    }

    private async Task TellCredits(string invoice)
    {
        await story.Tell("disputeInvoice", 200, Provider, ("id", invoice));
        await story.Tell("settleDispute", 200, Provider, ("id", invoice));
        var note = await story.Tell(
            "creditInvoice", 201, Provider, ("id", invoice), ("Idempotency-Key", "credit-acme"));
        await story.Tell("getCreditNote", 200, Provider, ("id", note.Text("id")));
        await story.Tell("listCreditNotes", 200, Provider, ("customer", "ACME"));
    }

    private async Task TellPayments()
    {
        var payment = await story.Tell("recordPayment", 201, Provider, ("Idempotency-Key", "transfer-7731"));
        var id = payment.Text("id");
        await story.Tell("allocatePayment", 200, Provider, ("id", id), ("Idempotency-Key", "allocate-7731"));
        await story.Tell("applyBalance", 200, Provider, ("code", "ACME"), ("Idempotency-Key", "apply-acme"));
        await story.Tell("getPayment", 200, Provider, ("id", id));
        var returned = await service.Provider.Post(
            "/external/v1/payments",
            new
            {
                customer = "ACME",
                amount = new { amount = "75.00", currency = "EUR" },
                receivedOn = "2026-11-01",
                reference = "Direct debit 118",
            },
            key: "debit-118");
        await story.Tell(
            "reversePayment", 200, Provider, ("id", returned.Text("id")), ("Idempotency-Key", "returned-118"));
        await story.Tell("listPayments", 200, Provider, ("customer", "ACME"));
        await story.Tell("refundCustomer", 201, Provider, ("Idempotency-Key", "refund-acme"));
        await story.Tell("listRefunds", 200, Provider, ("customer", "ACME"));
        await story.Tell("getBalance", 200, Provider, ("code", "ACME"));
        await story.Tell(
            "getStatement", 200, Provider, ("code", "ACME"), ("from", "2026-11-01"), ("to", "2026-11-30"));
    }

    private async Task TellDunning()
    {
        await story.Tell("setDunningLevels", 200, Provider, ("code", Entity), ("If-Match", "\"0\""));
        await story.Tell("getDunningLevels", 200, Provider, ("code", Entity));
        await story.Tell("runDunning", 200, Provider, ("Idempotency-Key", "reminders-2026-11-02"));
        await story.Tell("listDunningNotices", 200, Provider, ("customer", "ACME"));
    }

    /// <summary>What was deleted as a draft is billed again, and cancelled; the other invoice is written off.</summary>
    private async Task TellEnds(string invoice)
    {
        var run = await service.Provider.Post(
            "/external/v1/billing-runs",
            new { month = "2026-10", customer = "GLOBEX", finalize = false, graceHours = 24 },
            HttpStatusCode.Accepted,
            "billing-globex");
        await Eventually.Gives(
            () => service.Provider.Get($"/external/v1/billing-runs/{run.Text("id")}"),
            read => read.Text("state") == "completed");
        var other = (await service.Provider.Get("/external/v1/invoices?customer=GLOBEX")).Text("items.0.id");
        await story.Tell("previewInvoice", 200, Provider, ("id", other));
        await service.Provider.Post($"/external/v1/invoices/{other}/finalize", null, HttpStatusCode.OK, "globex");
        await story.Tell("cancelInvoice", 201, Provider, ("id", other), ("Idempotency-Key", "cancel-globex"));
        await story.Tell(
            "markUncollectible", 200, Provider, ("id", invoice), ("Idempotency-Key", "write-off-acme"));
    }

    private async Task TellRevenue()
    {
        var run = await story.Tell("recogniseRevenue", 201, Provider, ("Idempotency-Key", "revenue-2026-10"));
        await story.Tell("getRecognitionRun", 200, Provider, ("id", run.Text("id")));
        await story.Tell("listRecognitionRuns", 200, Provider, ("legalEntity", Entity));
        await story.Tell("listRevenueSchedule", 200, Provider, ("customer", "ACME"));
        await story.Tell("listRevenueMonths", 200, Provider, ("legalEntity", Entity));
        await story.Tell("reconcileRevenue", 200, Provider, ("legalEntity", Entity));
    }

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

    private async Task TellIntegrity()
    {
        await Eventually.Gives(
            () => service.Provider.Get("/external/v1/integrity/checks"), report => report.Text("unsealed") == "0");
        await story.Tell("checkIntegrity", 200, Provider, ("legalEntity", Entity));
        await story.Tell("listChains", 200, Provider, ("legalEntity", Entity));
    }
}
