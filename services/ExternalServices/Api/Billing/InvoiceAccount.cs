using ExternalServices.Domain.Billing;
using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>How an invoice stands, locked so that nobody else changes it meanwhile.</summary>
internal sealed record InvoiceAccount
{
    public required Guid Id { get; init; }

    public required string? Number { get; init; }

    public required string Customer { get; init; }

    public required int CustomerVersion { get; init; }

    public required string LegalEntity { get; init; }

    public required int LegalEntityVersion { get; init; }

    public required string LegalEntityZone { get; init; }

    public required Currency Currency { get; init; }

    public required InvoiceState State { get; init; }

    public required decimal Gross { get; init; }

    public required decimal Fees { get; init; }

    public required decimal Paid { get; init; }

    public required decimal Credited { get; init; }

    public required decimal WrittenOff { get; init; }

    public required DateTimeOffset? DisputedAt { get; init; }

    public required string? DisputeReason { get; init; }

    public required int Version { get; init; }

    public Receivable Receivable => new()
    {
        State = State,
        Gross = Gross,
        Fees = Fees,
        Paid = Paid,
        Credited = Credited,
        WrittenOff = WrittenOff,
        IsDisputed = DisputedAt is not null,
    };

    /// <summary>In the legal entity's zone: what happens to the invoice now is booked on this day.</summary>
    public DateOnly Today(DateTimeOffset now) =>
        LocalDay.Of(now, TimeZoneInfo.FindSystemTimeZoneById(LegalEntityZone));

    /// <summary>In the order of their ids, so that two who lock several never wait for each other.</summary>
    public static Task<IReadOnlyList<InvoiceAccount>> Lock(Transaction transaction, params Guid[] ids) =>
        transaction.Query<InvoiceAccount>(SelectForUpdate, new { Ids = ids });

    /// <summary>Stores how it stands now, and says so when it is paid.</summary>
    public async Task Save(Transaction transaction, Receivable after, Outbox outbox, string? disputeReason = null)
    {
        await transaction.Execute(
            Update,
            new
            {
                Id,
                after.State,
                after.Fees,
                after.Paid,
                after.Credited,
                after.WrittenOff,
                DisputedAt = after.IsDisputed ? DisputedAt ?? transaction.Now : (DateTimeOffset?)null,
                DisputeReason = after.IsDisputed ? disputeReason ?? DisputeReason : null,
            });
        if (after.State == InvoiceState.Paid && State != InvoiceState.Paid)
        {
            await outbox.Add(transaction, Settled(after, transaction.Now));
        }
    }

    private InvoicePaid Settled(Receivable after, DateTimeOffset now) => new()
    {
        EventId = Guid.CreateVersion7(now),
        OccurredAt = now,
        AggregateId = $"{Id}",
        AggregateVersion = Version + 1,
        Number = Number!,
        Customer = Customer,
        LegalEntity = LegalEntity,
        Currency = Currency.Code,
        Paid = after.Paid,
        Credited = after.Credited,
    };

    private const string SelectForUpdate = """
        select i.id, i.number, i.customer, i.customer_version, i.legal_entity, i.legal_entity_version,
            entity.zone as legal_entity_zone, i.currency, i.state, i.gross, i.fees, i.paid, i.credited, i.written_off,
            i.disputed_at, i.dispute_reason, i.version
        from billing.invoices i
        join parties.legal_entities entity on entity.code = i.legal_entity
        where i.id = any(@Ids)
        order by i.id
        for update of i
        """;

    private const string Update = """
        update billing.invoices
        set state = @State, fees = @Fees, paid = @Paid, credited = @Credited, written_off = @WrittenOff,
            disputed_at = @DisputedAt, dispute_reason = @DisputeReason, version = version + 1
        where id = @Id
        """;
}
