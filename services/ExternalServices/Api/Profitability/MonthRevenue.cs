using ExternalServices.Api.Contracts;
using ExternalServices.Api.Usage;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Revenue;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Profitability;

/// <summary>
/// The revenue of a cost month, from contracts and usage: an invoice need not exist for it. What documents change of
/// it is in <see cref="MonthAdjustments"/>.
/// </summary>
internal sealed class MonthRevenue(PlanTerms plans, Period month, TimeZoneInfo providerZone, long watermark)
{
    /// <summary>Contracts reckoned at a time.</summary>
    private const int ChunkSize = 2000;

    /// <returns>What is recognised, or why a contract's revenue cannot be told.</returns>
    public async Task<Outcome<List<Recognition>>> Reckon(Transaction transaction)
    {
        var late = (await transaction.Query<LateUsage>(
                SelectLate, new { Month = month, Start = month.Start(providerZone) }))
            .ToLookup(usage => usage.Contract, StringComparer.Ordinal);
        var lateContracts = late.Select(contract => contract.Key).ToArray();
        var recognitions = new List<Recognition>();
        var after = "";
        while (true)
        {
            var contracts = await transaction.Query<RunningContract>(
                SelectContracts,
                new
                {
                    After = after,
                    Late = lateContracts,
                    From = month.FirstDay.AddDays(-1),
                    To = month.NextFirstDay.AddDays(1),
                    Size = ChunkSize,
                });
            if (contracts.Count == 0) return recognitions;
            if (await Recognise(transaction, contracts, late, recognitions) is { } refusal) return refusal;
            after = contracts[^1].Code;
        }
    }

    private async Task<Refusal?> Recognise(
        Transaction transaction,
        IReadOnlyList<RunningContract> contracts,
        ILookup<string, LateUsage> late,
        List<Recognition> recognitions)
    {
        var terms = await RunningContract.Terms(transaction, plans, contracts);
        var bases = contracts.Zip(terms)
            .SelectMany(each => BasesOf(each.Second, late[each.First.Code])
                .Select(basis => (contract: each.First, basis)))
            .ToList();
        var earlier = await EarlierRecognised(transaction, bases.ConvertAll(each => each.basis));
        var metered = bases.FindAll(each => each.basis.Charge.Model.IsMetered);
        var known = await new KnownUsage(metered, watermark).Read(transaction);
        var readings = await Meters.Read(
            transaction,
            metered.ConvertAll(each =>
                new MeterRequest(
                    each.contract.Customer,
                    each.basis.Charge,
                    each.basis.UsageThrough,
                    each.basis.Due.MeasuredOver,
                    known.GetValueOrDefault(each.basis.Due.Key, watermark))));

        var next = 0;
        for (var i = 0; i < bases.Count; i++)
        {
            var (contract, basis) = bases[i];
            var reading = basis.Charge.Model.IsMetered ? readings[next++] : MeterReading.Nothing;
            if (reading.Refusal is { } unread) return Named(contract, unread);

            var filled = basis with { Usage = reading.Usage, AlreadyRecognised = earlier.GetValueOrDefault(i) };
            var revenue = filled.Recognise(contract.Currency);
            if (revenue.Refusal is { } refusal) return Named(contract, refusal);
            recognitions.Add(new Recognition(
                contract.Customer,
                contract.Currency,
                contract.Code,
                basis.Charge.Code,
                basis.Period.Served.Start,
                basis.Due.Kind,
                basis.Due.Cause,
                revenue.Value.Amount,
                revenue.Value.Earned));
        }

        return null;
    }

    private static Refusal Named(RunningContract contract, Refusal refusal) =>
        refusal with { Detail = $"Contract {contract.Code}: {refusal.Detail}" };

    /// <summary>
    /// The month's own periods, and those that were over before it and got usage that counts in it: they catch up.
    /// </summary>
    private IEnumerable<RevenueBasis> BasesOf(ContractTerms terms, IEnumerable<LateUsage> late)
    {
        var own = RevenueBasis.In(month, terms, providerZone).ToList();
        var catchUps =
            from usage in late
            from period in terms.Cycle.Overlapping(new DateRange(usage.Day, month.FirstDay))
            from due in DueCharge.Of(period, terms)
            where due.Charge.Model.IsMetered
                && due.Charge.Service == usage.Service
                && (due.Period.Served.Contains(usage.Day)
                    || (due.Charge.Meter.HasLevel && due.Period.Served.Start > usage.Day))
                && due.UsageIn.End <= month.Start(providerZone)
            where !own.Exists(basis => basis.Charge.Code == due.Charge.Code && basis.Period == due.Period)
            select due;
        return own.Concat(catchUps
            .DistinctBy(due => (due.Charge.Code, due.Period.Served.Start))
            .Select(RevenueBasis.Whole));
    }

    /// <returns>By the number of the basis; nothing for those that earlier months did not touch.</returns>
    private async Task<Dictionary<int, decimal>> EarlierRecognised(Transaction transaction, List<RevenueBasis> bases)
    {
        var sums = await transaction.Query<Earlier>(
            SelectEarlier,
            new
            {
                Month = month,
                Contracts = bases.Select(basis => basis.Contract).ToArray(),
                Charges = bases.Select(basis => basis.Charge.Code).ToArray(),
                Starts = bases.Select(basis => basis.Period.Served.Start).ToArray(),
                Kinds = bases.Select(basis => basis.Due.Kind).ToArray(),
                Causes = bases.Select(basis => basis.Due.Cause).ToArray(),
            });
        return sums.ToDictionary(sum => (int)sum.Number - 1, sum => sum.Amount);
    }

    private sealed record LateUsage
    {
        public required string Contract { get; init; }

        public required string Service { get; init; }

        /// <summary>In the customer's zone.</summary>
        public required DateOnly Day { get; init; }
    }

    private sealed record Earlier
    {
        public required long Number { get; init; }

        public required decimal Amount { get; init; }
    }

    private const string SelectLate = """
        select distinct metered.contract, event.service, (event.at at time zone customer.zone)::date as day
        from (
            select customer, service, at from usage.events where cost_month = @Month and at < @Start
            union all
            select customer, service, at from usage.voids where cost_month = @Month and at < @Start) as event
        join parties.customers customer on customer.code = event.customer
        join contracts.metered_services metered
            on metered.customer = event.customer and metered.service = event.service
            and metered.days @> (event.at at time zone customer.zone)::date
        """;

    private const string SelectContracts = """
        select c.code, c.customer, customer.zone as customer_zone, c.plan, c.plan_version, c.currency,
            c.start_date as start, c.signed_end, c.anchor_date as anchor, c.agreed::text as agreed, c.late_usage
        from contracts.contracts c
        join parties.customers customer on customer.code = c.customer
        where c.code > @After
            and ((c.start_date <= @To and (c.end_date is null or c.end_date > @From)) or c.code = any(@Late))
        order by c.code
        limit @Size
        """;

    private const string SelectEarlier = """
        select basis.number, sum(recognised.amount) as amount
        from unnest(@Contracts, @Charges, @Starts, @Kinds, @Causes)
            with ordinality as basis (contract, charge, start, kind, cause, number)
        join profitability.recognitions recognised
            on recognised.contract = basis.contract and recognised.charge = basis.charge
            and recognised.period_from = basis.start and recognised.kind = basis.kind
            and recognised.cause = basis.cause
        where recognised.month < @Month
        group by basis.number
        """;
}
