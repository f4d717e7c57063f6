using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Payments;

/// <summary>Where money of a customer came from.</summary>
internal enum FundKind
{
    Payment,
    CreditNote,
    TakenOver,
}

/// <summary>Money of a customer as it comes in.</summary>
internal sealed record NewFund(
    Guid Id, FundKind Kind, string Customer, string LegalEntity, DateOnly Day, string Reference);

/// <summary>Money of a customer that is not used yet, locked so that nobody else uses it meanwhile.</summary>
internal sealed record Fund
{
    public required Guid Id { get; init; }

    public required FundKind Kind { get; init; }

    public required string Customer { get; init; }

    public required string LegalEntity { get; init; }

    public required Currency Currency { get; init; }

    public required decimal Amount { get; init; }

    public required decimal Available { get; init; }

    public required string Reference { get; init; }

    public required DateTimeOffset? ReversedAt { get; init; }
}

internal static class Funds
{
    public static Task<int> Add(Transaction transaction, NewFund fund, Money amount, string subject) =>
        transaction.Execute(
            Insert,
            new
            {
                fund.Id,
                fund.Kind,
                fund.Customer,
                fund.LegalEntity,
                amount.Currency,
                amount.Amount,
                fund.Day,
                fund.Reference,
                transaction.Now,
                Subject = subject,
            });

    public static Task<Fund?> Lock(Transaction transaction, Guid id) =>
        transaction.SingleOrDefault<Fund>(SelectForUpdate, new { Id = id });

    /// <summary>What a customer has in a currency, the oldest first.</summary>
    public static Task<IReadOnlyList<Fund>> LockBalance(Transaction transaction, string customer, Currency currency) =>
        transaction.Query<Fund>(SelectBalance, new { Customer = customer, Currency = currency });

    public static Task<int> Take(Transaction transaction, Guid id, decimal amount) =>
        transaction.Execute(Subtract, new { Id = id, Amount = amount });

    /// <summary>Spreads an amount over funds, the first as far as they go.</summary>
    /// <returns>What is taken of each, or <c>exceeds-available</c>.</returns>
    public static Outcome<List<(Fund Fund, decimal Amount)>> Spread(IReadOnlyList<Fund> funds, decimal amount)
    {
        var parts = new List<(Fund, decimal)>();
        var left = amount;
        foreach (var fund in funds)
        {
            var part = decimal.Min(left, fund.Available);
            if (part > 0) parts.Add((fund, part));
            left -= part;
        }

        return left == 0
            ? parts
            : Refusal.Rejected("exceeds-available", $"{amount - left} is available, not {amount}.", "/amount");
    }

    private const string Insert = """
        insert into payments.funds (
            id, kind, customer, legal_entity, currency, amount, available, day, reference, recorded_at, recorded_by)
        values (
            @Id, @Kind, @Customer, @LegalEntity, @Currency, @Amount, @Amount, @Day, @Reference, @Now, @Subject)
        """;

    private const string SelectForUpdate = """
        select id, kind, customer, legal_entity, currency, amount, available, reference, reversed_at
        from payments.funds
        where id = @Id
        for update
        """;

    private const string SelectBalance = """
        select id, kind, customer, legal_entity, currency, amount, available, reference, reversed_at
        from payments.funds
        where customer = @Customer and currency = @Currency and available > 0 and reversed_at is null
        order by id
        for update
        """;

    private const string Subtract = "update payments.funds set available = available - @Amount where id = @Id";
}
