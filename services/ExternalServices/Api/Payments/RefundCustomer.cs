using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Payments;

/// <summary>Money that was paid back.</summary>
public sealed record Refund
{
    public required Guid Id { get; init; }

    public required string Customer { get; init; }

    public required string LegalEntity { get; init; }

    public required Money Amount { get; init; }

    public required DateOnly Day { get; init; }

    public required string Reference { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }
}

/// <summary>Pays back what a customer has on its balance.</summary>
public static class RefundCustomer
{
    public sealed record Request
    {
        public required string Customer { get; init; }

        /// <summary>At most the customer's balance in this currency.</summary>
        public required Money Amount { get; init; }

        /// <summary>Only of this payment; else the oldest money goes first.</summary>
        public Guid? Payment { get; init; }

        public required string Reference { get; init; }
    }

    public static Task<IResult> Handle(
        Request body, Caller caller, Once once, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Refund(transaction, body, caller),
            refund => Answer.Created("/external/v1/refunds", refund),
            cancellationToken);

    private static async Task<Outcome<Refund>> Refund(Transaction transaction, Request body, Caller caller)
    {
        var fields = new Fields()
            .Text("/reference", body.Reference)
            .Check("/amount", body.Amount.Amount > 0, "not-positive", "A refund is above zero.");
        if (fields.Refusal is { } invalid) return invalid;
        if (await transaction.SingleOrDefault<string>(SelectZone, new { body.Customer }) is not { } zone)
        {
            return Refusal.Rejected(
                "customer-not-found", $"There is no customer '{body.Customer}'.", "/customer");
        }

        var funds = await Funds.LockBalance(transaction, body.Customer, body.Amount.Currency);
        if (body.Payment is { } payment) funds = [.. funds.Where(fund => fund.Id == payment)];
        var parts = Funds.Spread(funds, body.Amount.Amount);
        if (parts.Refusal is { } refusal) return refusal;
        var day = LocalDay.Of(transaction.Now, TimeZoneInfo.FindSystemTimeZoneById(zone));
        var id = await Refunding.Refund(transaction, parts.Value, day, body.Reference, caller.Subject);
        return new Refund
        {
            Id = id,
            Customer = body.Customer,
            LegalEntity = parts.Value[0].Fund.LegalEntity,
            Amount = body.Amount,
            Day = day,
            Reference = body.Reference,
            RecordedAt = transaction.Now,
        };
    }

    private const string SelectZone = """
        select entity.zone
        from parties.customers c
        join parties.legal_entities entity on entity.code = c.legal_entity
        where c.code = @Customer
        """;
}
