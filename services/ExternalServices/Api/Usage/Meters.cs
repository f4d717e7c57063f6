using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Pricing;
using ExternalServices.Domain.Usage;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Usage;

/// <summary>What a customer used of a charge's service in a span of time.</summary>
/// <param name="Customer">Code of the customer.</param>
/// <param name="Charge">Says how it is measured.</param>
/// <param name="Span">Whose events count.</param>
/// <param name="Period">The full billing period, over which levels are averaged.</param>
/// <param name="Watermark">Usage that came, or was taken out, in later batches is as if it had not been.</param>
internal sealed record MeterRequest(
    string Customer, ContractCharge Charge, InstantRange Span, InstantRange Period, long Watermark)
{
    /// <summary>Whether single events matter; else their sum or number does.</summary>
    public bool LooksAtEvents =>
        Charge.Model is PercentageCharge || Charge.Meter.Aggregation is not (Aggregation.Sum or Aggregation.Count);
}

/// <param name="Usage">As the charge's price wants it.</param>
/// <param name="Refusal">Why the usage cannot be priced.</param>
internal sealed record MeterReading(MeteredUsage Usage, Refusal? Refusal = null)
{
    public static MeterReading Nothing { get; } = new(MeteredUsage.None);
}

/// <summary>
/// Reads many meters at once: one statement for those that are sums or numbers, which an index answers alone, and two
/// more for those that look at single events or at what stood before.
/// </summary>
internal static class Meters
{
    /// <param name="transaction">In which the readings are used.</param>
    /// <param name="requests">What is to be read.</param>
    /// <returns>A reading for each request, in their order.</returns>
    public static async Task<MeterReading[]> Read(Transaction transaction, IReadOnlyList<MeterRequest> requests)
    {
        var readings = new MeterReading[requests.Count];
        Array.Fill(readings, MeterReading.Nothing);
        var levels = await Levels(transaction, requests);
        foreach (var (request, level) in levels)
        {
            readings[request] = new MeterReading(Measured(requests[request], [], level));
        }

        var sums = await Sums(transaction, SelectSums, requests, looksAtEvents: false);
        var events = await Sums(transaction, SelectEvents, requests, looksAtEvents: true);
        foreach (var sum in sums.Concat(events))
        {
            readings[sum.Number] = ReadingOf(requests[sum.Number], sum, levels.GetValueOrDefault(sum.Number));
        }

        return readings;
    }

    private static async Task<IReadOnlyList<Sum>> Sums(
        Transaction transaction, string select, IReadOnlyList<MeterRequest> requests, bool looksAtEvents)
    {
        var wanted = requests.Index().Where(each => each.Item.LooksAtEvents == looksAtEvents).ToList();
        if (wanted.Count == 0) return [];
        return await transaction.Query<Sum>(
            select,
            new
            {
                Numbers = wanted.Select(each => each.Index).ToArray(),
                Customers = wanted.Select(each => each.Item.Customer).ToArray(),
                Services = wanted.Select(each => each.Item.Charge.Service).ToArray(),
                From = wanted.Select(each => each.Item.Span.Start).ToArray(),
                To = wanted.Select(each => each.Item.Span.End).ToArray(),
                Dimensions = wanted.Select(each => each.Item.Charge.Meter.Dimension).ToArray(),
                Watermarks = wanted.Select(each => each.Item.Watermark).ToArray(),
            });
    }

    /// <returns>By the index of the request; 0 where nothing stood before.</returns>
    private static async Task<Dictionary<int, decimal>> Levels(
        Transaction transaction, IReadOnlyList<MeterRequest> requests)
    {
        var wanted = requests.Index().Where(each => each.Item.Charge.Meter.HasLevel).ToList();
        if (wanted.Count == 0) return [];
        var found = await transaction.Query<Level>(
            SelectLevels,
            new
            {
                Numbers = wanted.Select(each => each.Index).ToArray(),
                Customers = wanted.Select(each => each.Item.Customer).ToArray(),
                Services = wanted.Select(each => each.Item.Charge.Service).ToArray(),
                Before = wanted.Select(each => each.Item.Span.Start).ToArray(),
                Watermarks = wanted.Select(each => each.Item.Watermark).ToArray(),
            });
        return found.ToDictionary(level => level.Number, level => level.Quantity ?? 0);
    }

    private static MeterReading ReadingOf(MeterRequest request, Sum sum, decimal levelBefore)
    {
        if (sum.Quantity is not { } total)
        {
            return new MeterReading(
                MeteredUsage.None with { Events = sum.Events },
                Refusal.Rejected(
                    "usage-out-of-range", $"The usage of {request.Charge.Service} is beyond all measure."));
        }

        var usage = (request.Charge.Model, request.Charge.Meter.Aggregation) switch
        {
            (PercentageCharge price, _) => Transactions(price, total, sum.Quantities ?? []),
            (_, Aggregation.Sum) => new MeteredUsage(total),
            (_, Aggregation.Count) => new MeteredUsage(sum.Events),
            _ => Measured(request, EventsOf(sum), levelBefore),
        };
        return new MeterReading(usage with { Events = sum.Events });
    }

    private static MeteredUsage Measured(MeterRequest request, IEnumerable<MeterEvent> events, decimal levelBefore) =>
        new(Meter.ReadPart(request.Charge.Meter.Aggregation, events, request.Span, request.Period, levelBefore));

    /// <summary>They come in their order; the number keeps it where instants are equal.</summary>
    private static IEnumerable<MeterEvent> EventsOf(Sum sum) => sum.Quantities!.Select(
        (quantity, i) => new MeterEvent($"{i:D9}", Instant(sum.Ats![i]), quantity, sum.Keys![i]));

    private static DateTimeOffset Instant(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>Transactions are paid from the one on that goes beyond the free amount.</summary>
    private static MeteredUsage Transactions(PercentageCharge price, decimal total, decimal[] quantities)
    {
        var (sum, free) = (0m, 0);
        foreach (var quantity in quantities)
        {
            sum += quantity;
            if (sum > price.Free) break;
            free++;
        }

        return new MeteredUsage(total) { Transactions = quantities, PaidTransactions = quantities.Length - free };
    }

    private sealed record Sum
    {
        /// <summary>The request, from 0.</summary>
        public required int Number { get; init; }

        /// <summary>Null when the sum is larger than can be stored.</summary>
        public required decimal? Quantity { get; init; }

        public required long Events { get; init; }

        /// <summary>Each event's quantity, where single ones matter; and so its instant and its key.</summary>
        public required decimal[]? Quantities { get; init; }

        /// <summary>In microseconds since 1970.</summary>
        public required long[]? Ats { get; init; }

        public required string?[]? Keys { get; init; }
    }

    private sealed record Level
    {
        /// <summary>The request, from 0.</summary>
        public required int Number { get; init; }

        public required decimal? Quantity { get; init; }
    }

    // What was taken out is a sum of its own, so that the index alone still answers the large one.
    private const string SelectSums = """
        select used.number, case when left_over.quantity < 1e13 then trim_scale(left_over.quantity) end as quantity,
            used.events - coalesce(voided.events, 0) as events, null::numeric[] as quantities, null::bigint[] as ats,
            null::text[] as keys
        from (
            select meter.number, sum(event.quantity) as quantity, count(*) as events
            from unnest(@Numbers, @Customers, @Services, @From, @To, @Watermarks)
                as meter (number, customer, service, since, until, watermark)
            join usage.events event
                on event.customer = meter.customer and event.service = meter.service
                and event.at >= meter.since and event.at < meter.until and event.batch <= meter.watermark
            group by meter.number) as used
        left join (
            select meter.number, sum(void.quantity) as quantity, count(*) as events
            from unnest(@Numbers, @Customers, @Services, @From, @To, @Watermarks)
                as meter (number, customer, service, since, until, watermark)
            join usage.voids void
                on void.customer = meter.customer and void.service = meter.service
                and void.at >= meter.since and void.at < meter.until and void.batch <= meter.watermark
            group by meter.number) as voided on voided.number = used.number
        cross join lateral (select used.quantity - coalesce(voided.quantity, 0)) as left_over (quantity)
        """;

    private const string SelectEvents = """
        select meter.number,
            case when sum(event.quantity) < 1e13 then trim_scale(sum(event.quantity)) end as quantity,
            count(*) as events,
            array_agg(trim_scale(event.quantity) order by event.at, event.source, event.id) as quantities,
            array_agg((extract(epoch from event.at) * 1000000)::bigint order by event.at, event.source, event.id)
                as ats,
            array_agg(event.dimensions ->> meter.dimension order by event.at, event.source, event.id) as keys
        from unnest(@Numbers, @Customers, @Services, @From, @To, @Watermarks, @Dimensions)
            as meter (number, customer, service, since, until, watermark, dimension)
        join usage.events event
            on event.customer = meter.customer and event.service = meter.service
            and event.at >= meter.since and event.at < meter.until and event.batch <= meter.watermark
        where not exists (
            select from usage.voids void
            where void.customer = event.customer and void.source = event.source and void.id = event.id
                and void.batch <= meter.watermark)
        group by meter.number
        """;

    private const string SelectLevels = """
        select meter.number, trim_scale(before.quantity) as quantity
        from unnest(@Numbers, @Customers, @Services, @Before, @Watermarks)
            as meter (number, customer, service, since, watermark)
        left join lateral (
            select event.quantity
            from usage.events event
            where event.customer = meter.customer and event.service = meter.service
                and event.at < meter.since and event.batch <= meter.watermark
                and not exists (
                    select from usage.voids void
                    where void.customer = event.customer and void.source = event.source and void.id = event.id
                        and void.batch <= meter.watermark)
            order by event.at desc, event.source desc, event.id desc
            limit 1) as before on true
        """;
}
