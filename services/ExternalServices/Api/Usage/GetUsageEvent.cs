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
                transaction => Read(transaction, customer, WithSlashes(source), WithSlashes(id)),
                cancellationToken),
            "usage-event",
            $"{customer}/{source}/{id}");

    /// <summary>
    /// Sources name their events as they like; an encoded slash is the one character that routing leaves.
    /// </summary>
    private static string WithSlashes(string value) => value.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static async Task<RecordedEvent?> Read(
        Transaction transaction, string customer, string source, string id) =>
        (await transaction.SingleOrDefault<Row>(Select, new { Customer = customer, Source = source, Id = id }))
            ?.ToEvent();

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
        };
    }

    private const string Select = """
        select event.customer, event.source, event.id, event.service, event.at,
            trim_scale(event.quantity) as quantity, event.dimensions::text as dimensions, event.cost_month,
            event.accepted_at, billed.id as invoice, billed.number, billed.line,
            case
                when billed.id is null then 'open'
                when event.batch > billed.watermark then 'late'
                when billed.state = 'draft' then 'drafted'
                else 'billed'
            end as fate
        from usage.events event
        left join lateral (
            select invoice.id, invoice.number, invoice.state, invoice.watermark, line.number as line
            from billing.invoice_lines line
            join billing.invoices invoice on invoice.id = line.invoice
            where line.customer = event.customer and line.service = event.service
                and line.usage_from <= event.at and line.usage_to > event.at
                and line.released_at is null
            limit 1) as billed on true
        where event.customer = @Customer and event.source = @Source and event.id = @Id
        """;
}
