using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Usage;

/// <summary>Times whose usage is billed and whose contracts refuse what comes later.</summary>
internal sealed class BilledSpans
{
    private readonly ILookup<(string Customer, string Service), Span> _spans;

    private BilledSpans(IEnumerable<Span> spans) => _spans = spans.ToLookup(span => (span.Customer, span.Service));

    /// <summary>Of customers for whom nothing is refused.</summary>
    public static BilledSpans None { get; } = new([]);

    public static readonly ItemAnswer Rejection = ItemAnswer.Rejected("period-billed", Detail);

    /// <summary>The same of one event.</summary>
    public static Refusal Refusal => Refusal.Conflict("period-billed", Detail);

    private const string Detail = "Its period is billed and the contract refuses late usage.";

    /// <param name="transaction">Has passed the gate.</param>
    /// <param name="passage">Knows whether anybody refuses.</param>
    /// <param name="earliest">Nothing before this month is asked for.</param>
    /// <param name="customers">Whose usage it is.</param>
    public static async Task<BilledSpans> Read(
        Transaction transaction, Passage passage, Period earliest, IReadOnlyCollection<string> customers) =>
        passage.RefusesLate
            ? new BilledSpans(await transaction.Query<Span>(
                Select, new { Customers = customers.ToArray(), Since = earliest.FirstDay.AddDays(-1) }))
            : None;

    public bool Contain(string customer, string service, DateTimeOffset at) =>
        _spans[(customer, service)].Any(span => span.From <= at && at < span.To);

    private sealed record Span
    {
        public required string Customer { get; init; }

        public required string Service { get; init; }

        public required DateTimeOffset From { get; init; }

        public required DateTimeOffset To { get; init; }
    }

    private const string Select = """
        select line.customer, line.service, line.usage_from as from, line.usage_to as to
        from contracts.contracts c
        join billing.invoice_lines line on line.contract = c.code
        where c.late_usage = 'refuse' and c.customer = any(@Customers) and line.kind = 'charge'
            and line.period_to >= @Since and line.usage_to is not null
            and line.released_at is null
        """;
}
