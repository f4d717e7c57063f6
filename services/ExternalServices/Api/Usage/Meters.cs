using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Pricing;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Usage;

/// <summary>What a customer used of a charge's service in a span of time.</summary>
internal sealed record MeterRequest(string Customer, ContractCharge Charge, InstantRange Span);

/// <param name="Usage">As the charge's price wants it.</param>
/// <param name="Events">How many usage events that was.</param>
/// <param name="Refusal">Why the usage cannot be priced.</param>
internal sealed record MeterReading(MeteredUsage Usage, long Events, Refusal? Refusal = null)
{
    public static MeterReading Nothing { get; } = new(MeteredUsage.None, 0);
}

/// <summary>Reads many meters in one statement.</summary>
internal static class Meters
{
    /// <param name="transaction">In which the readings are used.</param>
    /// <param name="requests">What is to be read.</param>
    /// <param name="watermark">Usage that came in later batches does not count.</param>
    /// <returns>A reading for each request, in their order.</returns>
    public static async Task<MeterReading[]> Read(
        Transaction transaction, IReadOnlyList<MeterRequest> requests, long watermark)
    {
        var readings = new MeterReading[requests.Count];
        Array.Fill(readings, MeterReading.Nothing);
        if (requests.Count == 0) return readings;

        var sums = await transaction.Query<Sum>(
            Select,
            new
            {
                Customers = requests.Select(request => request.Customer).ToArray(),
                Services = requests.Select(request => request.Charge.Service).ToArray(),
                From = requests.Select(request => request.Span.Start).ToArray(),
                To = requests.Select(request => request.Span.End).ToArray(),
                Single = requests.Select(request => request.Charge.Model is PercentageCharge).ToArray(),
                Watermark = watermark,
            });
        foreach (var sum in sums)
        {
            var request = (int)sum.Number - 1;
            readings[request] = ReadingOf(requests[request].Charge, sum);
        }

        return readings;
    }

    private static MeterReading ReadingOf(ContractCharge charge, Sum sum) => (sum.Quantity, charge.Model) switch
    {
        (null, _) => new MeterReading(
            MeteredUsage.None,
            sum.Events,
            Refusal.Rejected("usage-out-of-range", $"The usage of {charge.Service} is beyond all measure.")),
        ({ } total, PercentageCharge price) => new MeterReading(
            Transactions(price, total, sum.Quantities ?? []), sum.Events),
        ({ } total, _) => new MeterReading(new MeteredUsage(total), sum.Events),
    };

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
        /// <summary>The request, from 1.</summary>
        public required long Number { get; init; }

        /// <summary>Null when the sum is larger than can be stored.</summary>
        public required decimal? Quantity { get; init; }

        public required long Events { get; init; }

        /// <summary>Each event's quantity, where the price looks at single ones.</summary>
        public required decimal[]? Quantities { get; init; }
    }

    private const string Select = """
        select meter.number,
            case when sum(event.quantity) < 1e13 then trim_scale(sum(event.quantity)) end as quantity,
            count(*) as events,
            case
                when meter.single
                then array_agg(trim_scale(event.quantity) order by event.at, event.source, event.id)
            end as quantities
        from unnest(@Customers, @Services, @From, @To, @Single)
            with ordinality as meter (customer, service, since, until, single, number)
        join usage.events event
            on event.customer = meter.customer and event.service = meter.service
            and event.at >= meter.since and event.at < meter.until and event.batch <= @Watermark
        group by meter.number, meter.single
        """;
}
