using System.Text.Json;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Usage;

/// <summary>A usage event and its fate.</summary>
public static class GetUsageEvent
{
    public static async Task<IResult> Handle(
        string customer,
        string source,
        string id,
        Caller caller,
        Database database,
        CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(
                caller.Tenant,
                transaction => Read(transaction, EventKey.OfRoute(customer, source, id)),
                cancellationToken),
            "usage-event",
            $"{customer}/{source}/{id}");

    internal static async Task<RecordedEvent?> Read(Transaction transaction, EventKey key) =>
        (await transaction.SingleOrDefault<Row>(Select, key))?.ToEvent();

    private sealed record Row
    {
        public required string Customer { get; init; }

        public required string Source { get; init; }

        public required string Id { get; init; }

        public required string Service { get; init; }

        public required DateTimeOffset At { get; init; }

        public required decimal Quantity { get; init; }

        public required string? Dimensions { get; init; }

        public required Period CostMonth { get; init; }

        public required DateTimeOffset AcceptedAt { get; init; }

        public required Fate Fate { get; init; }

        public required Guid? Invoice { get; init; }

        public required string? Number { get; init; }

        public required int? Line { get; init; }

        public required Guid? Adjusting { get; init; }

        public required string? AdjustingNumber { get; init; }

        public required int? AdjustingLine { get; init; }

        public required string? Reason { get; init; }

        public required DateTimeOffset? VoidedAt { get; init; }

        public required string? ReplacementSource { get; init; }

        public required string? ReplacementId { get; init; }

        public required string? ReplacedSource { get; init; }

        public required string? ReplacedId { get; init; }

        public RecordedEvent ToEvent() => new()
        {
            Customer = Customer,
            Source = Source,
            Id = Id,
            Service = Service,
            At = At,
            Quantity = Quantity,
            Dimensions = Dimensions is null
                ? null
                : JsonSerializer.Deserialize<Dictionary<string, string>>(Dimensions),
            CostMonth = CostMonth,
            AcceptedAt = AcceptedAt,
            Fate = Fate,
            Invoice = Invoice is { } invoice
                ? new FateInvoice { Id = invoice, Number = Number, Line = Line!.Value }
                : null,
            Adjustment = Adjusting is { } adjusting
                ? new FateInvoice { Id = adjusting, Number = AdjustingNumber, Line = AdjustingLine!.Value }
                : null,
            Void = Reason is null
                ? null
                : new UsageVoid
                {
                    Reason = Reason,
                    VoidedAt = VoidedAt!.Value,
                    Replacement = Reference(ReplacementSource, ReplacementId),
                },
            Replaces = Reference(ReplacedSource, ReplacedId),
        };

        private static UsageReference? Reference(string? source, string? id) =>
            source is null ? null : new UsageReference { Source = source, Id = id! };
    }

    private const string Select = """
        select event.customer, event.source, event.id, event.service, event.at,
            trim_scale(event.quantity) as quantity, event.dimensions::text as dimensions, event.cost_month,
            event.accepted_at, billed.id as invoice, billed.number, billed.line, adjusted.id as adjusting,
            adjusted.number as adjusting_number, adjusted.line as adjusting_line, void.reason, void.voided_at,
            void.replacement_source, void.replacement_id, replaced.source as replaced_source,
            replaced.id as replaced_id,
            case
                when void.id is not null then 'void'
                when billed.id is null then 'open'
                when event.batch <= billed.watermark then
                    case billed.state when 'draft' then 'drafted' else 'billed' end
                when adjusted.id is not null then 'adjusted'
                when billed.late_usage = 'recordOnly' then 'recordedOnly'
                else 'late'
            end as fate
        from usage.events event
        left join usage.voids void
            on void.customer = event.customer and void.source = event.source and void.id = event.id
        left join usage.voids replaced
            on replaced.customer = event.customer and replaced.replacement_source = event.source
            and replaced.replacement_id = event.id
        left join lateral (
            select invoice.id, invoice.number, invoice.state, invoice.watermark, line.number as line, line.contract,
                line.charge, line.period_from, c.late_usage
            from billing.invoice_lines line
            join billing.invoices invoice on invoice.id = line.invoice
            join contracts.contracts c on c.code = line.contract
            where line.customer = event.customer and line.service = event.service and line.kind = 'charge'
                and line.usage_from <= event.at and line.usage_to > event.at
                and line.released_at is null and (void.batch is null or void.batch > invoice.watermark)
            limit 1) as billed on true
        left join lateral (
            select invoice.id, invoice.number, line.number as line
            from billing.invoice_lines line
            join billing.invoices invoice on invoice.id = line.invoice
            where line.contract = billed.contract and line.charge = billed.charge
                and line.period_from = billed.period_from and line.kind = 'lateUsage'
                and line.released_at is null
                and coalesce(void.batch, event.batch) > billed.watermark
                and coalesce(void.batch, event.batch) <= invoice.watermark
            order by invoice.created_at, line.cause
            limit 1) as adjusted on true
        where event.customer = @Customer and event.source = @Source and event.id = @Id
        """;
}
