using ExternalServices.Api.Documents;
using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Billing;

/// <summary>Billing runs and invoices.</summary>
public static class BillingEndpoints
{
    public const string Tag = "Billing";

    public static void MapBilling(this IEndpointRouteBuilder routes)
    {
        MapRuns(routes.MapGroup("/external/v1/billing-runs").WithTags(Tag).Allow(Callers.Provider));
        var invoices = routes.MapGroup("/external/v1/invoices")
            .WithTags(Tag)
            .Allow(Callers.Provider | Callers.Customer);
        MapInvoices(invoices);
        invoices.MapInvoiceLife();
        routes.MapCreditNotes();
        routes.MapDunning();
    }

    private static void MapRuns(RouteGroupBuilder runs)
    {
        runs.MapPost("", StartBillingRun.Handle)
            .Describe(
                "startBillingRun",
                "Bill a month",
                """
                Bills in the background what became due in the month and was not billed yet: fees in advance for the
                periods that begin in it, fees in arrears and usage for the periods that end in it and are over. One
                invoice for each contract; a contract whose lines are all zero gets none. A run can be repeated at any
                time and bills nothing twice; one that was interrupted goes on by itself with the same result.

                Usage that came, or was corrected, after its period was billed is a line of its own on the next invoice,
                or on a debit note, as the contract agrees: what the period costs now less what was billed for it.
                """)
            .RequireIdempotencyKey()
            .Answers<BillingRun>(StatusCodes.Status202Accepted)
            .Refuses(422, "month-in-the-future", "The month has not begun.")
            .Refuses(422, "customer-not-found", "There is no customer with this code.")
            .Refuses(422, "legal-entity-not-found", "There is no legal entity with this code.")
            .Refuses(422, "two-scopes", "Both a customer and a legal entity are named.")
            .Refuses(422, "invalid-fields", "The time of grace is out of range, or there are no drafts.");
        runs.MapGet("", ListBillingRuns.Handle)
            .Describe("listBillingRuns", "List billing runs", "The newest first.")
            .Answers<Page<BillingRun>>();
        runs.MapGet("/{id:guid}", GetBillingRun.Handle)
            .Describe("getBillingRun", "Read a billing run", "With its progress: contracts done of contracts in total.")
            .Answers<BillingRun>();
        runs.MapGet("/{id:guid}/failures", ListBillingRunFailures.Handle)
            .Describe(
                "listBillingRunFailures",
                "List what a run could not bill",
                """
                By contract, with the reason: `tax-rate-missing`, `tax-rate-ambiguous`, `vat-id-country-mismatch`,
                `e-invoice-rule`, `usage-out-of-range`, `amount-out-of-range`, `credits-exceed-charges` (credits wait
                for an invoice that carries them) and others. The other contracts are billed; the next run of the month
                tries these again.
                """)
            .Answers<Page<BillingRunFailure>>();
    }

    private static void MapInvoices(RouteGroupBuilder invoices)
    {
        invoices.MapGet("", ListInvoices.Handle)
            .Describe(
                "listInvoices",
                "List invoices",
                "In the order in which they were made; `customer`, `month`, `run` and `state` narrow the list. A "
                    + "customer sees its own.")
            .Answers<Page<InvoiceSummary>>();
        invoices.MapGet("/{id:guid}", GetInvoice.Handle)
            .Describe(
                "getInvoice",
                "Read an invoice",
                "With both sides as they were when it was made, lines and taxes. Tax is reckoned once for each "
                    + "category and rate; totals are sums of rounded parts (EN 16931). Given as JSON, as HTML to "
                    + "print, as PDF, and as e-invoice (UBL 2.1). A customer sees its own; any other answers 404.")
            .Answers<Invoice>()
            .AlsoAs(DocumentForms.Others)
            .Refuses(409, "invoice-draft", "A draft has no e-invoice.")
            .Refuses(422, "e-invoice-decimals", "The currency has more than the two decimals of EN 16931 (BR-DEC).")
            .Refuses(422, "e-invoice-rule", "A rule of EN 16931 is broken; `errors` names each.")
            .Refuses(422, "exchange-rate-missing", "The tax in the currency of the books cannot be told (BT-111).");
        invoices.MapGet("/{id:guid}/preview", PreviewInvoice.Handle)
            .Describe(
                "previewInvoice",
                "Preview a draft",
                "What finalizing the draft now would give: dates, how it would be booked, and the rules of EN 16931 "
                    + "that it breaks. Nothing is changed.")
            .Answers<InvoicePreview>()
            .Refuses(409, "invoice-state", "The invoice is no draft.");
        invoices.MapGet("/{id:guid}/lines/{number:int}/explanation", ExplainLine.Handle)
            .Describe(
                "explainLine",
                "Explain an invoice line",
                "Reckons the line again from the plan version's price and the usage that had arrived for the invoice, "
                    + "shows every priced part, and says whether it is equal to what is stored.")
            .Answers<ExplainedLine>();
        invoices.MapPost("/{id:guid}/finalize", FinalizeInvoice.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "finalizeInvoice",
                "Finalize a draft",
                "Gives the draft the next number of its legal entity's series and today's date, and publishes "
                    + "`external.invoice-issued`. It never changes again.")
            .RequireIdempotencyKey()
            .Answers<Invoice>()
            .Refuses(409, "invoice-state", "The invoice has its number already; `allowed` says what can be done.")
            .Refuses(422, "e-invoice-rule", "A rule of EN 16931 is broken; `errors` names each.");
        invoices.MapDelete("/{id:guid}", DeleteDraft.Handle)
            .Allow(Callers.Provider)
            .Describe("deleteDraft", "Delete a draft", "Takes a draft away; what it would have billed is due again.")
            .RequireIfMatch()
            .Answers(StatusCodes.Status204NoContent)
            .Refuses(409, "invoice-state", "The invoice has its number; `allowed` says what can be done.")
            .Refuses(409, "draft-adjusted", "A later invoice adjusts its lines to late usage.");
    }
}
