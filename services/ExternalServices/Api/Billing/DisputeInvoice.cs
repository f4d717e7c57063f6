using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>Says that the customer does not agree: no reminders until the dispute is settled.</summary>
public static class DisputeInvoice
{
    public sealed record Request
    {
        public required string Reason { get; init; }
    }

    public static Task<IResult> Handle(
        Guid id, Request body, Once once, Outbox outbox, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Dispute(transaction, id, body, outbox),
            invoice => Answer.Ok(invoice) with { Version = invoice.Version },
            cancellationToken);

    private static async Task<Outcome<Invoice>> Dispute(
        Transaction transaction, Guid id, Request body, Outbox outbox)
    {
        if (new Fields().Text("/reason", body.Reason).Refusal is { } invalid) return invalid;
        if ((await InvoiceAccount.Lock(transaction, id)).SingleOrDefault() is not { } account)
        {
            return Refusal.NotFound("invoice", $"{id}");
        }

        var disputed = account.Receivable.Dispute();
        if (disputed.Refusal is { } refusal) return refusal;
        if (account.DisputedAt is not null)
        {
            return Refusal.Conflict("already-disputed", "The invoice is disputed already.");
        }

        await account.Save(transaction, disputed.Value, outbox, body.Reason);
        return (await GetInvoice.Read(transaction, id))!;
    }
}

/// <summary>Ends a dispute: reminders go on.</summary>
public static class SettleDispute
{
    public static Task<IResult> Handle(Guid id, Once once, Outbox outbox, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Settle(transaction, id, outbox),
            invoice => Answer.Ok(invoice) with { Version = invoice.Version },
            cancellationToken);

    private static async Task<Outcome<Invoice>> Settle(Transaction transaction, Guid id, Outbox outbox)
    {
        if ((await InvoiceAccount.Lock(transaction, id)).SingleOrDefault() is not { } account)
        {
            return Refusal.NotFound("invoice", $"{id}");
        }

        if (account.DisputedAt is null)
        {
            return Refusal.Conflict("not-disputed", "The invoice is not disputed.");
        }

        await account.Save(transaction, account.Receivable with { IsDisputed = false }, outbox);
        return (await GetInvoice.Read(transaction, id))!;
    }
}
