using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Payments;

/// <summary>How a customer stands.</summary>
public sealed record CustomerBalance
{
    public required string Customer { get; init; }

    /// <summary>Σ what is owed of open invoices, fees included, and of receivables taken over.</summary>
    public required Money Owed { get; init; }

    /// <summary>Of it, what should have been paid by yesterday in the customer's zone.</summary>
    public required Money Overdue { get; init; }

    /// <summary>Of it, what the customer does not agree with.</summary>
    public required Money Disputed { get; init; }

    /// <summary>Payments and credits that are used for nothing yet.</summary>
    public required Money Credit { get; init; }
}

public static class GetBalance
{
    public static async Task<IResult> Handle(
        string code, Caller caller, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(caller.Tenant, transaction => Read(transaction, code), cancellationToken),
            "customer",
            code);

    internal static async Task<CustomerBalance?> Read(Transaction transaction, string code) =>
        await transaction.SingleOrDefault<Row>(Select, new { Code = code, transaction.Now }) is { } row
            ? new CustomerBalance
            {
                Customer = code,
                Owed = new Money(row.Owed, row.Currency),
                Overdue = new Money(row.Overdue, row.Currency),
                Disputed = new Money(row.Disputed, row.Currency),
                Credit = new Money(row.Credit, row.Currency),
            }
            : null;

    private sealed record Row
    {
        public required Currency Currency { get; init; }

        public required decimal Owed { get; init; }

        public required decimal Overdue { get; init; }

        public required decimal Disputed { get; init; }

        public required decimal Credit { get; init; }
    }

    private const string Select = """
        select c.currency, coalesce(invoices.owed, 0) + coalesce(taken_over.owed, 0) as owed,
            coalesce(invoices.overdue, 0) as overdue,
            coalesce(invoices.disputed, 0) as disputed, coalesce(funds.credit, 0) as credit
        from parties.customers c
        left join lateral (
            select sum(due) as owed,
                sum(due) filter (where due_date < (@Now at time zone c.zone)::date) as overdue,
                sum(due) filter (where disputed_at is not null) as disputed
            from (
                select gross + fees - paid - credited as due, due_date, disputed_at
                from billing.invoices
                where customer = c.code and currency = c.currency and state = 'open') as owed
        ) as invoices on true
        left join lateral (
            select sum(amount - paid) as owed
            from payments.receivables_taken_over
            where customer = c.code and currency = c.currency and reversed_at is null
        ) as taken_over on true
        left join lateral (
            select sum(available) as credit
            from payments.funds
            where customer = c.code and currency = c.currency
        ) as funds on true
        where c.code = @Code
        """;
}

/// <summary>Uses what a customer has on its balance for an invoice, the oldest money first.</summary>
public static class ApplyBalance
{
    public static Task<IResult> Handle(
        string code, AllocationRequest body, Once once, Outbox outbox, CancellationToken cancellationToken) =>
        once.Run(transaction => Apply(transaction, code, body, outbox), Answer.Ok, cancellationToken);

    private static async Task<Outcome<CustomerBalance>> Apply(
        Transaction transaction, string code, AllocationRequest body, Outbox outbox)
    {
        if (await GetBalance.Read(transaction, code) is not { } balance)
        {
            return Refusal.NotFound("customer", code);
        }

        var funds = await Funds.LockBalance(transaction, code, balance.Credit.Currency);
        var parts = body.Amount > 0
            ? Funds.Spread(funds, body.Amount)
            : Refusal.Rejected("not-positive", $"{body.Amount} is not above zero.", "/amount");
        if (parts.Refusal is { } refusal) return refusal;
        foreach (var (fund, amount) in parts.Value)
        {
            if (await Allocating.Allocate(transaction, fund, [body with { Amount = amount }], outbox) is { } unused)
            {
                return unused.Pointer is { } pointer
                    ? unused with { Pointer = pointer.Replace("/allocations/0", "", StringComparison.Ordinal) }
                    : unused;
            }
        }

        return (await GetBalance.Read(transaction, code))!;
    }
}
