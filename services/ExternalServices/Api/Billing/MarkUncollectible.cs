using ExternalServices.Api.Ledger;
using ExternalServices.Domain.Ledger;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>Gives up on the money of an invoice; it may still be paid.</summary>
public static class MarkUncollectible
{
    public static Task<IResult> Handle(Guid id, Once once, Outbox outbox, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Mark(transaction, id, outbox),
            invoice => Answer.Ok(invoice) with { Version = invoice.Version },
            cancellationToken);

    private static async Task<Outcome<Invoice>> Mark(Transaction transaction, Guid id, Outbox outbox)
    {
        if ((await InvoiceAccount.Lock(transaction, id)).SingleOrDefault() is not { } account)
        {
            return Refusal.NotFound("invoice", $"{id}");
        }

        var written = account.Receivable.WriteOff();
        if (written.Refusal is { } refusal) return refusal;
        var fact = new LedgerFact
        {
            Id = Guid.CreateVersion7(transaction.Now),
            LegalEntity = account.LegalEntity,
            Customer = account.Customer,
            Kind = LedgerKind.WriteOff,
            Day = account.Today(transaction.Now),
            Description = $"Invoice {account.Number} written off",
        };
        await LedgerWriter.Post(
            transaction, Bookings.WriteOff(fact, new Money(written.Value.WrittenOff, account.Currency)));
        await account.Save(transaction, written.Value, outbox);
        return (await GetInvoice.Read(transaction, id))!;
    }
}
