using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing.Running;

/// <summary>
/// Metered charges of months that were billed before anything was used in them: no bill has them, and what came since
/// makes them due.
/// </summary>
internal sealed class SkippedCharges(
    IReadOnlyList<(BilledContract Contract, ContractTerms Terms)> contracts, Period month, long watermark)
{
    public async Task<List<(BilledContract Contract, DueCharge Charge)>> Read(Transaction transaction)
    {
        var billing = contracts.Where(each => each.Contract.LateUsage != LateUsagePolicy.RecordOnly).ToList();
        var days = await transaction.Query<UsedDay>(
            SelectDays,
            new
            {
                Contracts = billing.ConvertAll(each => each.Contract.Code).ToArray(),
                Customers = billing.Select(each => each.Contract.Customer).Distinct().ToArray(),
                Watermark = watermark,
            });
        if (days.Count == 0) return [];
        var byContract = days.ToLookup(day => day.Contract, StringComparer.Ordinal);
        var due =
            (from each in contracts
             from day in byContract[each.Contract.Code]
             let period = each.Terms.Cycle.Containing(day.Day)
             where period is not null
             from charge in DueCharge.Of(period.Value, each.Terms)
             where charge.Charge.Model.IsMetered
                 && charge.Charge.Service == day.Service
                 && charge.Period.Served.Contains(day.Day)
                 && charge.Month < month
             select (each.Contract, Charge: charge)).ToList();
        var runs = await Runs(transaction, due.Select(each => each.Charge.Month));
        return due.FindAll(each =>
            runs[each.Charge.Month].Any(run =>
                run is null || run == each.Contract.LegalEntity || run == each.Contract.Customer));
    }

    /// <returns>By month, the customers and legal entities that were billed; null for all.</returns>
    private static async Task<ILookup<Period, string?>> Runs(Transaction transaction, IEnumerable<Period> months)
    {
        var runs = await transaction.Query<Run>(SelectRuns, new { Months = months.Distinct().ToArray() });
        return runs.ToLookup(run => run.Month, run => run.ScopeCode);
    }

    private sealed record UsedDay
    {
        public required string Contract { get; init; }

        public required string Service { get; init; }

        /// <summary>In the customer's zone.</summary>
        public required DateOnly Day { get; init; }
    }

    private sealed record Run
    {
        public required Period Month { get; init; }

        public required string? ScopeCode { get; init; }
    }

    private const string SelectDays = """
        select distinct metered.contract, event.service, (event.at at time zone customer.zone)::date as day
        from usage.events event
        join parties.customers customer on customer.code = event.customer
        join contracts.metered_services metered
            on metered.customer = event.customer and metered.service = event.service
            and metered.days @> (event.at at time zone customer.zone)::date
        where event.is_late and event.customer = any(@Customers) and event.batch <= @Watermark
            and metered.contract = any(@Contracts)
            and not exists (
                select from billing.invoice_lines line
                where line.customer = event.customer and line.service = event.service and line.kind = 'charge'
                    and line.released_at is null and line.usage_from <= event.at and line.usage_to > event.at)
        order by metered.contract, event.service, day
        """;

    private const string SelectRuns = """
        select distinct month, scope_code from billing.runs where month = any(@Months) and watermark is not null
        """;
}
