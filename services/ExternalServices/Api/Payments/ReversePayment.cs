using ExternalServices.Api.Billing;
using ExternalServices.Api.Ledger;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Payments;

/// <summary>Takes a payment back, for example a returned direct debit: what it had paid is owed again.</summary>
public static class ReversePayment
{
    public sealed record Request
    {
        public required string Reason { get; init; }
    }

    public static Task<IResult> Handle(
        Guid id, Request body, Once once, Outbox outbox, CancellationToken cancellationToken) =>
        once.Run(transaction => Reverse(transaction, id, body, outbox), Answer.Ok, cancellationToken);

    private static async Task<Outcome<Payment>> Reverse(
        Transaction transaction, Guid id, Request body, Outbox outbox)
    {
        if (new Fields().Text("/reason", body.Reason).Refusal is { } invalid) return invalid;
        if (await Funds.Lock(transaction, id) is not { Kind: FundKind.Payment } fund)
        {
            return Refusal.NotFound("payment", $"{id}");
        }

        if (fund.ReversedAt is not null)
        {
            return Refusal.Conflict("payment-reversed", "The payment was taken back already.", "reversed");
        }

        if (await transaction.Scalar<bool>(IsRefunded, new { Id = id }))
        {
            return Refusal.Conflict("payment-refunded", "Some of the payment was paid back to the customer.");
        }

        var uses = await transaction.Query<Use>(SelectUses, new { Id = id });
        var day = await Release(transaction, uses, outbox);
        await Book(transaction, id, day);
        await transaction.Execute(Update, new { Id = id, transaction.Now, body.Reason });
        return (await GetPayment.Read(transaction, id))!;
    }

    /// <returns>The day on which it is booked; null when nothing was used.</returns>
    private static async Task<DateOnly?> Release(Transaction transaction, IReadOnlyList<Use> uses, Outbox outbox)
    {
        DateOnly? day = null;
        foreach (var account in await InvoiceAccount.Lock(transaction, Distinct(uses.Select(use => use.Invoice))))
        {
            day = account.Today(transaction.Now);
            var standing = account.Receivable;
            foreach (var use in uses.Where(use => use.Invoice == account.Id))
            {
                standing = standing.Release(use.Amount);
                await Book(transaction, use.Id, day);
            }

            await account.Save(transaction, standing, outbox);
        }

        foreach (var other in await TakenOver.Lock(transaction, Distinct(uses.Select(use => use.TakenOver))))
        {
            day = other.Today(transaction.Now);
            var standing = other.Receivable;
            foreach (var use in uses.Where(use => use.TakenOver == other.Id))
            {
                standing = standing.Release(use.Amount);
                await Book(transaction, use.Id, day);
            }

            await other.Save(transaction, standing);
        }

        return day;
    }

    private static Guid[] Distinct(IEnumerable<Guid?> ids) => [.. ids.OfType<Guid>().Distinct()];

    private static async Task Book(Transaction transaction, Guid id, DateOnly? day)
    {
        var booked = (await GetLedgerTransaction.Read(transaction, id))!;
        var today = day ?? DateOnly.FromDateTime(transaction.Now.UtcDateTime);
        var mirror = ReverseTransaction.MirrorOf(
            booked, Guid.CreateVersion7(transaction.Now), today < booked.Day ? booked.Day : today);
        await LedgerWriter.Post(transaction, mirror);
    }

    private sealed record Use
    {
        public required Guid Id { get; init; }

        public required Guid? Invoice { get; init; }

        public required Guid? TakenOver { get; init; }

        public required decimal Amount { get; init; }
    }

    private const string IsRefunded = "select exists (select from payments.refund_parts where fund = @Id)";

    private const string SelectUses = """
        select id, invoice, taken_over, amount
        from payments.allocations
        where fund = @Id and released_at is null
        order by id
        """;

    private const string Update = """
        with released as (
            update payments.allocations set released_at = @Now where fund = @Id and released_at is null
        )
        update payments.funds set available = 0, reversed_at = @Now, reversal_reason = @Reason where id = @Id
        """;
}
