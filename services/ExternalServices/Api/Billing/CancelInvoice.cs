using ExternalServices.Api.Ledger;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Ledger;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>Takes all that is left of an invoice back by a credit note.</summary>
public static class CancelInvoice
{
    public sealed record Request
    {
        /// <summary>Printed on the credit note.</summary>
        public required string Reason { get; init; }

        /// <summary>How much of what was paid is paid back.</summary>
        public decimal Refund { get; init; }

        /// <summary>How much of what was paid is kept for later invoices.</summary>
        public decimal Balance { get; init; }

        /// <summary>Whether the next billing run bills again what it billed; else that stays taken back.</summary>
        public bool BillAgain { get; init; }
    }

    public static Task<IResult> Handle(
        Guid id, Request body, Caller caller, Once once, Outbox outbox, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Cancel(transaction, id, body, caller, outbox),
            note => Answer.Created($"/external/v1/credit-notes/{note.Id}", note),
            cancellationToken);

    private static async Task<Outcome<CreditNote>> Cancel(
        Transaction transaction, Guid id, Request body, Caller caller, Outbox outbox)
    {
        if (new Fields().Text("/reason", body.Reason).Refusal is { } invalid) return invalid;
        if ((await InvoiceAccount.Lock(transaction, id)).SingleOrDefault() is not { } account)
        {
            return Refusal.NotFound("invoice", $"{id}");
        }

        if (InvoiceStates.After(account.State, InvoiceAction.Cancel).Refusal is { } refusal) return refusal;
        var waived = account.Receivable.WaiveFees();
        if (waived.Refusal is { } paid) return paid;
        var credits = await CreditIssuing.CreditsOf(transaction, account, waived.Value.Due);
        var credited = credits.CreditRest(new CreditSettlement(body.Refund, body.Balance));
        if (credited.Refusal is { } uncreditable) return uncreditable;
        await Waive(transaction, account);
        var note = await CreditIssuing.Issue(
            transaction, account, credited.Value, body.Reason, caller.Subject, outbox);
        await account.Save(transaction, waived.Value.Credit(credited.Value), outbox);
        if (body.BillAgain) await transaction.Execute(Release, new { Id = id, transaction.Now });
        return (await GetCreditNote.Read(transaction, note))!;
    }

    private static Task Waive(Transaction transaction, InvoiceAccount account)
    {
        var fact = new LedgerFact
        {
            Id = Guid.CreateVersion7(transaction.Now),
            LegalEntity = account.LegalEntity,
            Customer = account.Customer,
            Kind = LedgerKind.DunningFee,
            Day = account.Today(transaction.Now),
            Description = $"Fees waived on {account.Number}",
        };
        return LedgerWriter.Post(
            transaction, Bookings.DunningFee(fact, new Money(-account.Fees, account.Currency)));
    }

    private const string Release = "update billing.invoice_lines set released_at = @Now where invoice = @Id";
}
