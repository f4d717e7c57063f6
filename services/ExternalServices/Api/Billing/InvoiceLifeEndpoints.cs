using ExternalServices.Api.Documents;
using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Billing;

/// <summary>What becomes of an invoice after it was issued.</summary>
public static class InvoiceLifeEndpoints
{
    public static void MapInvoiceLife(this RouteGroupBuilder invoices)
    {
        Credits(invoices.MapPost("/{id:guid}/credit-notes", CreditInvoice.Handle))
            .Allow(Callers.Provider)
            .Describe(
                "creditInvoice",
                "Credit an invoice",
                """
                Takes amounts of lines back by a credit note with its own number, at most what is left of each line and
                tax group. The tax of a note is round(rate × all that was credited) less the tax credited before, so the
                last note closes to the cent. What exceeds the amount due must be paid back (`refund`) or kept for later
                invoices (`balance`). An open invoice of which nothing is left is cancelled.
                """)
            .Refuses(422, "line-not-found", "The invoice has no such line.")
            .Refuses(422, "not-positive", "An amount is not above zero.")
            .Refuses(422, "amount-precision", "An amount is finer than the currency's minor unit.")
            .Refuses(422, "exceeds-line", "More than is left of the line.")
            .Refuses(422, "exceeds-tax-group", "More than the lines of the tax group sum to.");
        Credits(invoices.MapPost("/{id:guid}/cancel", CancelInvoice.Handle))
            .Allow(Callers.Provider)
            .Describe(
                "cancelInvoice",
                "Cancel an invoice",
                """
                Takes all that is left of an open invoice back by a credit note, and waives the fees for reminders. What
                was paid must be paid back (`refund`) or kept for later invoices (`balance`). With `billAgain` the next
                billing run of its month bills anew what it billed; else that stays taken back.
                """)
            .Refuses(422, "fees-paid", "Some of the fees is paid: credit the lines instead.");
        invoices.MapPost("/{id:guid}/mark-uncollectible", MarkUncollectible.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "markUncollectible",
                "Write an invoice off",
                "Books what is owed as lost. The invoice may still be paid, which makes the loss smaller.")
            .RequireIdempotencyKey()
            .Answers<Invoice>()
            .Refuses(409, "invoice-state", "The invoice's state does not allow it; `allowed` says what it does.");
        invoices.MapPost("/{id:guid}/dispute", DisputeInvoice.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "disputeInvoice",
                "Dispute an invoice",
                "Says that the customer does not agree: no reminders are sent until the dispute is settled.")
            .Answers<Invoice>()
            .Refuses(409, "invoice-state", "The invoice's state does not allow it; `allowed` says what it does.")
            .Refuses(409, "already-disputed", "The invoice is disputed already.")
            .Refuses(422, "invalid-fields", "A member is not of the documented form; `errors` names each.");
        invoices.MapPost("/{id:guid}/dispute/settle", SettleDispute.Handle)
            .Allow(Callers.Provider)
            .Describe("settleDispute", "Settle a dispute", "Reminders go on.")
            .Answers<Invoice>()
            .Refuses(409, "not-disputed", "The invoice is not disputed.");
    }

    public static void MapCreditNotes(this IEndpointRouteBuilder routes)
    {
        var notes = routes.MapGroup("/external/v1/credit-notes")
            .WithTags(BillingEndpoints.Tag)
            .Allow(Callers.Provider | Callers.Customer);
        notes.MapGet("", ListCreditNotes.Handle)
            .Describe(
                "listCreditNotes",
                "List credit notes",
                "In the order in which they were made; `customer` and `invoice` narrow the list. A customer sees its "
                    + "own.")
            .Answers<Page<CreditNoteSummary>>();
        notes.MapGet("/{id:guid}", GetCreditNote.Handle)
            .Describe(
                "getCreditNote",
                "Read a credit note",
                "With both sides as they were on the invoice, lines and taxes. Given as JSON, as HTML to print, as "
                    + "PDF, and as e-invoice (UBL 2.1). A customer sees its own; any other answers 404.")
            .Answers<CreditNote>()
            .AlsoAs(DocumentForms.Others)
            .Refuses(422, "e-invoice-decimals", "The currency has more than the two decimals of EN 16931 (BR-DEC).")
            .Refuses(422, "e-invoice-rule", "A rule of EN 16931 is broken; `errors` names each.")
            .Refuses(422, "exchange-rate-missing", "The tax in the currency of the books cannot be told (BT-111).");
    }

    private static RouteHandlerBuilder Credits(RouteHandlerBuilder builder) => builder
        .RequireIdempotencyKey()
        .Answers<CreditNote>(StatusCodes.Status201Created)
        .Refuses(409, "invoice-state", "The invoice's state does not allow it; `allowed` says what it does.")
        .Refuses(422, "invalid-fields", "A member is not of the documented form; `errors` names each.")
        .Refuses(422, "settlement-negative", "Refund and balance are not negative.")
        .Refuses(422, "excess-not-settled", "Refund and balance do not sum to what exceeds the amount due.");
}
