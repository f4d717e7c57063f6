using ExternalServices.Api.Ledger;
using ExternalServices.Domain.Ledger;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Payments;

/// <summary>Records money that came in, and uses it for invoices as far as it is said.</summary>
public static class RecordPayment
{
    private const decimal HighestAmount = 999_999_999_999m;

    public sealed record Request
    {
        public required string Customer { get; init; }

        /// <summary>In the customer's currency.</summary>
        public required Money Amount { get; init; }

        /// <summary>Not after today.</summary>
        public required DateOnly ReceivedOn { get; init; }

        /// <summary>As the bank says it.</summary>
        public required string Reference { get; init; }

        /// <summary>What it is for; what is left is kept on the customer's balance.</summary>
        public IReadOnlyList<AllocationRequest> Allocations { get; init; } = [];
    }

    public static Task<IResult> Handle(
        Request body, Caller caller, Once once, Outbox outbox, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Record(transaction, body, caller, outbox),
            payment => Answer.Created($"/external/v1/payments/{payment.Id}", payment),
            cancellationToken);

    private static async Task<Outcome<Payment>> Record(
        Transaction transaction, Request body, Caller caller, Outbox outbox)
    {
        var payer = await transaction.SingleOrDefault<Payer>(SelectPayer, new { body.Customer });
        if (Check(body, payer, transaction.Now) is { } refusal) return refusal;
        var fact = new LedgerFact
        {
            Id = Guid.CreateVersion7(transaction.Now),
            LegalEntity = payer!.LegalEntity,
            Customer = body.Customer,
            Kind = LedgerKind.Payment,
            Day = body.ReceivedOn,
            Description = body.Reference,
        };
        var fund = new NewFund(
            fact.Id, FundKind.Payment, body.Customer, payer.LegalEntity, body.ReceivedOn, body.Reference);
        await Funds.Add(transaction, fund, body.Amount, caller.Subject);
        await LedgerWriter.Post(transaction, Bookings.Payment(fact, body.Amount));
        if (body.Allocations.Count > 0)
        {
            var locked = (await Funds.Lock(transaction, fact.Id))!;
            if (await Allocating.Allocate(transaction, locked, body.Allocations, outbox) is { } unused) return unused;
        }

        return (await GetPayment.Read(transaction, fact.Id))!;
    }

    private static Refusal? Check(Request body, Payer? payer, DateTimeOffset now)
    {
        var fields = new Fields()
            .Text("/reference", body.Reference)
            .Check(
                "/amount",
                body.Amount.Amount is > 0 and <= HighestAmount,
                "out-of-range",
                $"A payment is above 0 and at most {HighestAmount}.")
            .Check("/customer", payer is not null, "customer-not-found", $"There is no customer '{body.Customer}'.");
        Allocating.Check(fields, body.Allocations, atLeast: 0);
        if (payer is null) return fields.Refusal;
        return fields
            .Check(
                "/amount",
                body.Amount.Currency == payer.Currency,
                "currency-mismatch",
                $"{body.Customer} pays in {payer.Currency}.")
            .Check(
                "/receivedOn",
                body.ReceivedOn <= LocalDay.Of(now, TimeZoneInfo.FindSystemTimeZoneById(payer.Zone)),
                "in-the-future",
                "Money comes in before it is recorded.")
            .Refusal;
    }

    private sealed record Payer
    {
        public required string LegalEntity { get; init; }

        public required string Zone { get; init; }

        public required Currency Currency { get; init; }
    }

    private const string SelectPayer = """
        select c.legal_entity, entity.zone, c.currency
        from parties.customers c
        join parties.legal_entities entity on entity.code = c.legal_entity
        where c.code = @Customer
        """;
}
