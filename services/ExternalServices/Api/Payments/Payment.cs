using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Payments;

/// <summary>Money that came in.</summary>
public sealed record Payment
{
    public required Guid Id { get; init; }

    public required string Customer { get; init; }

    public required string LegalEntity { get; init; }

    public required Money Amount { get; init; }

    /// <summary>What is used for no invoice yet, and was not paid back: part of the customer's balance.</summary>
    public required Money Available { get; init; }

    public required DateOnly ReceivedOn { get; init; }

    /// <summary>As the bank says it.</summary>
    public required string Reference { get; init; }

    /// <summary>What it was used for, in that order.</summary>
    public required IReadOnlyList<Allocation> Allocations { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>Null unless the payment was taken back.</summary>
    public required DateTimeOffset? ReversedAt { get; init; }

    public required string? ReversalReason { get; init; }
}

/// <summary>Money used for an invoice.</summary>
public sealed record Allocation
{
    public required Guid Id { get; init; }

    /// <summary>Null for a receivable that was taken over.</summary>
    public required Guid? Invoice { get; init; }

    /// <summary>Or the reference of a receivable that was taken over.</summary>
    public required string InvoiceNumber { get; init; }

    public required Money Amount { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>When its payment was taken back; null while it holds.</summary>
    public required DateTimeOffset? ReleasedAt { get; init; }
}

/// <summary>As it is stored, without what it was used for.</summary>
internal sealed record PaymentRow
{
    public required Guid Id { get; init; }

    public required string Customer { get; init; }

    public required string LegalEntity { get; init; }

    public required Currency Currency { get; init; }

    public required decimal Amount { get; init; }

    public required decimal Available { get; init; }

    public required DateOnly Day { get; init; }

    public required string Reference { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public required DateTimeOffset? ReversedAt { get; init; }

    public required string? ReversalReason { get; init; }

    public static async Task<IReadOnlyList<Payment>> WithAllocations(
        Transaction transaction, IReadOnlyList<PaymentRow> rows)
    {
        var allocations = await transaction.Query<AllocationRow>(
            SelectAllocations, new { Ids = rows.Select(row => row.Id).ToArray() });
        var byFund = allocations.ToLookup(allocation => allocation.Fund);
        return [.. rows.Select(row => row.With(byFund[row.Id]))];
    }

    private Payment With(IEnumerable<AllocationRow> allocations) => new()
    {
        Id = Id,
        Customer = Customer,
        LegalEntity = LegalEntity,
        Amount = new Money(Amount, Currency),
        Available = new Money(Available, Currency),
        ReceivedOn = Day,
        Reference = Reference,
        Allocations = [.. allocations.Select(allocation => allocation.ToAllocation(Currency))],
        RecordedAt = RecordedAt,
        ReversedAt = ReversedAt,
        ReversalReason = ReversalReason,
    };

    private sealed record AllocationRow
    {
        public required Guid Fund { get; init; }

        public required Guid Id { get; init; }

        public required Guid? Invoice { get; init; }

        public required string InvoiceNumber { get; init; }

        public required decimal Amount { get; init; }

        public required DateTimeOffset MadeAt { get; init; }

        public required DateTimeOffset? ReleasedAt { get; init; }

        public Allocation ToAllocation(Currency currency) => new()
        {
            Id = Id,
            Invoice = Invoice,
            InvoiceNumber = InvoiceNumber,
            Amount = new Money(Amount, currency),
            MadeAt = MadeAt,
            ReleasedAt = ReleasedAt,
        };
    }

    private const string SelectAllocations = """
        select a.fund, a.id, a.invoice, coalesce(i.number, t.reference) as invoice_number, a.amount, a.made_at,
            a.released_at
        from payments.allocations a
        left join billing.invoices i on i.id = a.invoice
        left join payments.receivables_taken_over t on t.id = a.taken_over
        where a.fund = any(@Ids)
        order by a.fund, a.id
        """;
}
