using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Pricing;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing.Running;

/// <summary>A due charge with what its meter says.</summary>
/// <param name="Due">The charge, its usage filled in.</param>
/// <param name="Events">How many usage events were measured; null for an agreed fee.</param>
/// <param name="Refusal">Why the usage cannot be billed.</param>
internal sealed record MeteredCharge(DueCharge Due, long? Events, Refusal? Refusal)
{
    public decimal? MeteredQuantity => Events is null ? null : Due.Usage.Quantity;

    public DateTimeOffset? UsageFrom => Events is null ? null : Due.UsageIn.Start;

    public DateTimeOffset? UsageTo => Events is null ? null : Due.UsageIn.End;
}

/// <summary>Leaves out what was billed before and fills in what the meters say, for many charges at once.</summary>
internal sealed class Metering(IReadOnlyList<DueCharge> due, long watermark)
{
    /// <returns>The charges to bill, by contract, in their order.</returns>
    public async Task<Dictionary<string, List<MeteredCharge>>> Measure(Transaction transaction)
    {
        var unbilled = await Unbilled(transaction);
        var meters = unbilled.Where(charge => charge.Charge.Model.IsMetered).ToList();
        var readings = new Dictionary<DueCharge, Reading>(ReferenceEqualityComparer.Instance);
        foreach (var reading in await Read(transaction, meters)) readings[meters[(int)reading.Number - 1]] = reading;
        return unbilled
            .GroupBy(charge => charge.Contract, StringComparer.Ordinal)
            .ToDictionary(
                contract => contract.Key,
                contract => contract.Select(charge => Metered(charge, readings.GetValueOrDefault(charge))).ToList(),
                StringComparer.Ordinal);
    }

    private async Task<List<DueCharge>> Unbilled(Transaction transaction)
    {
        var billed = await transaction.Query<long>(
            SelectBilled,
            new
            {
                Contracts = due.Select(charge => charge.Contract).ToArray(),
                Charges = due.Select(charge => charge.Charge.Code).ToArray(),
                Starts = due.Select(charge => charge.Period.Served.Start).ToArray(),
            });
        var numbers = billed.ToHashSet();
        return [.. due.Where((_, i) => !numbers.Contains(i + 1))];
    }

    private Task<IReadOnlyList<Reading>> Read(Transaction transaction, List<DueCharge> meters) =>
        transaction.Query<Reading>(
            SelectUsage,
            new
            {
                Contracts = meters.Select(charge => charge.Contract).ToArray(),
                Services = meters.Select(charge => charge.Charge.Service).ToArray(),
                From = meters.Select(charge => charge.UsageIn.Start).ToArray(),
                To = meters.Select(charge => charge.UsageIn.End).ToArray(),
                Single = meters.Select(charge => charge.Charge.Model is PercentageCharge).ToArray(),
                Watermark = watermark,
            });

    private static MeteredCharge Metered(DueCharge due, Reading? reading) => (due.Charge.Model, reading) switch
    {
        ({ IsMetered: false }, _) => new MeteredCharge(due, null, null),
        (_, null) => new MeteredCharge(due, 0, null),
        (_, { Quantity: null }) => new MeteredCharge(
            due,
            reading.Events,
            Refusal.Rejected("usage-out-of-range", $"The usage of {due.Charge.Service} is beyond all measure.")),
        (PercentageCharge percentage, { Quantity: { } quantity }) => new MeteredCharge(
            due with { Usage = Transactions(percentage, quantity, reading.Quantities ?? []) }, reading.Events, null),
        (_, { Quantity: { } quantity }) => new MeteredCharge(
            due with { Usage = new MeteredUsage(quantity) }, reading.Events, null),
    };

    /// <summary>Transactions are paid from the one on that goes beyond the free amount.</summary>
    private static MeteredUsage Transactions(PercentageCharge charge, decimal total, decimal[] quantities)
    {
        var (sum, free) = (0m, 0);
        foreach (var quantity in quantities)
        {
            sum += quantity;
            if (sum > charge.Free) break;
            free++;
        }

        return new MeteredUsage(total) { Transactions = quantities, PaidTransactions = quantities.Length - free };
    }

    private sealed record Reading
    {
        /// <summary>The meter asked for, from 1.</summary>
        public required long Number { get; init; }

        /// <summary>Null when the sum is larger than can be stored.</summary>
        public required decimal? Quantity { get; init; }

        public required long Events { get; init; }

        /// <summary>Each event's quantity, where the price looks at single ones.</summary>
        public required decimal[]? Quantities { get; init; }
    }

    private const string SelectBilled = """
        select due.number
        from unnest(@Contracts, @Charges, @Starts) with ordinality as due (contract, charge, start, number)
        join billing.invoice_lines line
            on line.contract = due.contract and line.charge = due.charge and line.period_from = due.start
        """;

    private const string SelectUsage = """
        select due.number,
            case when sum(event.quantity) < 1e13 then trim_scale(sum(event.quantity)) end as quantity,
            count(*) as events,
            case
                when due.single
                then array_agg(trim_scale(event.quantity) order by event.at, event.source, event.id)
            end as quantities
        from unnest(@Contracts, @Services, @From, @To, @Single)
            with ordinality as due (contract, service, since, until, single, number)
        join contracts.contracts contract on contract.code = due.contract
        join usage.events event
            on event.customer = contract.customer and event.service = due.service
            and event.at >= due.since and event.at < due.until and event.batch <= @Watermark
        group by due.number, due.single
        """;
}
