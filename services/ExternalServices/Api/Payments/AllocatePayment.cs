using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Payments;

/// <summary>Uses what is left of a payment for invoices.</summary>
public static class AllocatePayment
{
    public sealed record Request
    {
        public required IReadOnlyList<AllocationRequest> Allocations { get; init; }
    }

    public static Task<IResult> Handle(
        Guid id, Request body, Once once, Outbox outbox, CancellationToken cancellationToken) =>
        once.Run(transaction => Allocate(transaction, id, body, outbox), Answer.Ok, cancellationToken);

    private static async Task<Outcome<Payment>> Allocate(
        Transaction transaction, Guid id, Request body, Outbox outbox)
    {
        if (Allocating.Check(new Fields(), body.Allocations, atLeast: 1).Refusal is { } invalid) return invalid;
        if (await Funds.Lock(transaction, id) is not { Kind: FundKind.Payment } fund)
        {
            return Refusal.NotFound("payment", $"{id}");
        }

        if (fund.ReversedAt is not null)
        {
            return Refusal.Conflict("payment-reversed", "The payment was taken back.", "reversed");
        }

        return await Allocating.Allocate(transaction, fund, body.Allocations, outbox) is { } refusal
            ? refusal
            : (await GetPayment.Read(transaction, id))!;
    }
}
