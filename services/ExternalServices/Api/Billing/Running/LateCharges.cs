using ExternalServices.Api.Usage;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing.Running;

/// <param name="Charge">With the usage as it is known now.</param>
/// <param name="Refusal">Why the usage cannot be billed.</param>
internal sealed record LateReading(LateCharge Charge, Refusal? Refusal);

/// <summary>
/// What usage that came, or was corrected, after its period was billed makes due. Contracts that refuse it are looked
/// at, too: some may have come in while its bill was being made.
/// </summary>
internal sealed class LateCharges(
    IReadOnlyList<(BilledContract Contract, ContractTerms Terms)> contracts, long watermark)
{
    /// <returns>The charges to rate again, by contract.</returns>
    public async Task<ILookup<string, LateReading>> Read(Transaction transaction)
    {
        var lines = await transaction.Query<BilledLine>(SelectBilled, Scope());
        var byContract = lines.ToLookup(line => line.Contract, StringComparer.Ordinal);
        var late =
            (from each in contracts
             from line in byContract[each.Contract.Code]
             let due = DueOf(line, each.Terms)
             where due is not null
             let meter = new MeterRequest(
                 each.Contract.Customer, due.Charge, due.UsageIn, due.MeasuredOver, watermark)
             where line.IsOwn || line.IsReleased || due.Charge.Meter.HasLevel
             select (line, due, meter)).ToList();
        var readings = await Meters.Read(transaction, late.ConvertAll(each => each.meter));
        return late.Zip(readings).ToLookup(
            each => each.First.due.Contract,
            each => new LateReading(
                new LateCharge
                {
                    Due = each.First.due with { Usage = each.Second.Usage },
                    Number = each.First.line.LastNumber + 1,
                    Billed = each.First.line.Billed,
                    IsOwn = each.First.line.IsOwn,
                },
                each.Second.Refusal),
            StringComparer.Ordinal);
    }

    private object Scope()
    {
        var adjusted = contracts.Where(each => each.Contract.LateUsage != LateUsagePolicy.RecordOnly).ToList();
        return new
        {
            Contracts = adjusted.ConvertAll(each => each.Contract.Code).ToArray(),
            Customers = adjusted.Select(each => each.Contract.Customer).Distinct().ToArray(),
            Watermark = watermark,
        };
    }

    private static DueCharge? DueOf(BilledLine line, ContractTerms terms) =>
        terms.Cycle.Containing(line.PeriodFrom) is { } period
            ? DueCharge.Of(period, terms).FirstOrDefault(due =>
                due.Kind == LineKind.Charge
                && due.Charge.Code == line.Charge
                && due.Period.Served.Start == line.PeriodFrom)
            : null;

    private sealed record BilledLine
    {
        public required string Contract { get; init; }

        public required string Charge { get; init; }

        public required DateOnly PeriodFrom { get; init; }

        /// <summary>Late usage is in its own days; else before them, where a level may have changed.</summary>
        public required bool IsOwn { get; init; }

        /// <summary>The bill that it adjusts was cancelled since, to be made again.</summary>
        public required bool IsReleased { get; init; }

        /// <summary>With all adjustments so far.</summary>
        public required decimal Billed { get; init; }

        /// <summary>Of the adjustments so far; 0 for none.</summary>
        public required int LastNumber { get; init; }
    }

    // What was cancelled after it had been adjusted is billed again by adjusting it once more.
    private const string SelectBilled = """
        select due.contract, due.charge, due.period_from, due.is_own, due.is_released, billed.net as billed,
            billed.last_number
        from (
            select line.contract, line.charge, line.period_from, bool_or(line.usage_from <= late.at) as is_own,
                false as is_released
            from (
                select customer, service, at, batch
                from usage.events
                where is_late and customer = any(@Customers) and batch <= @Watermark
                union all
                select customer, service, at, batch
                from usage.voids
                where customer = any(@Customers) and batch <= @Watermark) as late
            join billing.invoice_lines line
                on line.customer = late.customer and line.service = late.service and line.usage_to > late.at
                and line.kind = 'charge' and line.released_at is null and line.contract = any(@Contracts)
            join billing.invoices invoice on invoice.id = line.invoice and invoice.watermark < late.batch
            where not exists (
                select from billing.invoice_lines adjusted
                join billing.invoices adjusting on adjusting.id = adjusted.invoice
                where adjusted.contract = line.contract and adjusted.charge = line.charge
                    and adjusted.period_from = line.period_from and adjusted.kind = 'lateUsage'
                    and adjusted.released_at is null and adjusted.left_over = 0
                    and adjusting.watermark >= late.batch)
            group by line.contract, line.charge, line.period_from
            union
            select adjusted.contract, adjusted.charge, adjusted.period_from, false, true
            from billing.invoice_lines adjusted
            where adjusted.contract = any(@Contracts) and adjusted.kind = 'lateUsage' and adjusted.released_at is null
                and not exists (
                    select from billing.invoice_lines line
                    where line.contract = adjusted.contract and line.charge = adjusted.charge
                        and line.period_from = adjusted.period_from and line.kind = 'charge'
                        and line.released_at is null)) as due
        cross join lateral (
            select sum(line.net) as net, coalesce(max(line.cause), 0) as last_number
            from billing.invoice_lines line
            where line.contract = due.contract and line.charge = due.charge and line.period_from = due.period_from
                and line.kind in ('charge', 'lateUsage') and line.released_at is null) as billed
        order by due.contract, due.period_from, due.charge
        """;
}
