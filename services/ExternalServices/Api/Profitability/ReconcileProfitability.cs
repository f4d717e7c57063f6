using ExternalServices.Domain.Profitability;
using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Profitability;

/// <summary>Compares a month's figures with what they must be equal to.</summary>
public static class ReconcileProfitability
{
    public static async Task<IResult> Handle(
        Period month, Database database, ProviderOptions provider, CancellationToken cancellationToken) =>
        Answer.Of(
            await database.Read(
                Tenant.Provider, transaction => Read(transaction, month, provider.TimeZone), cancellationToken),
            Answer.Ok);

    private static async Task<Outcome<ProfitabilityReconciliation>> Read(
        Transaction transaction, Period month, TimeZoneInfo zone)
    {
        if (await transaction.SingleOrDefault<MonthRow>(SelectMonth, new { Month = month }) is not { } row)
        {
            return Refusal.NotFound("profitability", $"{month}");
        }

        var revenues = await transaction.Query<RevenueRow>(
            SelectRevenue, new { Month = month, month.NextFirstDay, End = month.End(zone) });
        return new ProfitabilityReconciliation
        {
            Month = month,
            Run = row.Run,
            Method = row.Method,
            ResidualKey = row.ResidualKey,
            Cost = new CostReconciliation
            {
                Customers = new Money(row.Customers, row.Currency),
                ExternalShare = new Money(row.ExternalShare, row.Currency),
                Difference = new Money(row.Customers - row.ExternalShare, row.Currency),
            },
            Revenue = [.. revenues.Select(revenue => revenue.ToReconciliation())],
        };
    }

    private sealed record MonthRow
    {
        public required Guid Run { get; init; }

        public required string Method { get; init; }

        public required ResidualKey ResidualKey { get; init; }

        public required Currency Currency { get; init; }

        public required decimal ExternalShare { get; init; }

        public required decimal Customers { get; init; }
    }

    private sealed record RevenueRow
    {
        public required Currency Currency { get; init; }

        public required decimal Recognised { get; init; }

        public required decimal Adjusted { get; init; }

        public required decimal Earned { get; init; }

        public required decimal Invoiced { get; init; }

        public required decimal Accrued { get; init; }

        public required decimal Deferred { get; init; }

        public required decimal Difference { get; init; }

        public RevenueReconciliation ToReconciliation() => new()
        {
            Recognised = new Money(Recognised, Currency),
            Adjusted = new Money(Adjusted, Currency),
            Earned = new Money(Earned, Currency),
            Invoiced = new Money(Invoiced, Currency),
            Accrued = new Money(Accrued, Currency),
            Deferred = new Money(Deferred, Currency),
            Difference = new Money(Difference, Currency),
        };
    }

    private const string SelectMonth = """
        select run, method, residual_key, currency, external_share,
            (select coalesce(sum(cost), 0) from profitability.customers c where c.month = m.month) as customers
        from profitability.months m
        where month = @Month
        """;

    private const string SelectRevenue = """
        select currency, coalesce(basis.amount, 0) + coalesce(adjusted.amount, 0) as recognised,
            coalesce(adjusted.amount, 0) as adjusted, coalesce(basis.earned, 0) as earned,
            coalesce(basis.invoiced, 0) as invoiced, coalesce(basis.accrued, 0) as accrued,
            coalesce(basis.deferred, 0) as deferred, coalesce(basis.difference, 0) as difference
        from (
            select currency, sum(amount) as amount, sum(earned) as earned, sum(invoiced) as invoiced,
                sum(greatest(earned - invoiced, 0)) as accrued, sum(greatest(invoiced - earned, 0)) as deferred,
                sum(case when is_over and is_invoiced then earned - invoiced else 0 end) as difference
            from (
                select r.currency, r.amount, r.earned, coalesce(line.net, 0) as invoiced,
                    line.net is not null as is_invoiced,
                    coalesce(line.usage_to <= @End, line.period_to <= @NextFirstDay) as is_over
                from profitability.recognitions r
                cross join lateral (
                    select max(l.period_to) as period_to, max(l.usage_to) as usage_to, sum(l.net) as net
                    from billing.invoice_lines l
                    join billing.invoices i on i.id = l.invoice and i.state <> 'draft'
                    where l.released_at is null and l.contract = r.contract and l.charge = r.charge
                        and l.period_from = r.period_from
                        and ((l.kind, l.cause) = (r.kind, r.cause)
                            or (l.kind = 'lateUsage' and r.kind = 'charge'))) as line
                where r.month = @Month) as recognised
            group by currency) as basis
        full join (
            select currency, sum(amount) as amount
            from profitability.adjustments
            where month = @Month
            group by currency) as adjusted using (currency)
        order by currency
        """;
}

/// <summary>A month's reconciliation: every difference is 0.00, or says what is wrong.</summary>
public sealed record ProfitabilityReconciliation
{
    public required Period Month { get; init; }

    /// <summary>The allocation run.</summary>
    public required Guid Run { get; init; }

    /// <summary>The run's method.</summary>
    public required string Method { get; init; }

    /// <summary>By what overhead and unused services were split over the customers.</summary>
    public required ResidualKey ResidualKey { get; init; }

    public required CostReconciliation Cost { get; init; }

    /// <summary>One for each currency of contracts.</summary>
    public required IReadOnlyList<RevenueReconciliation> Revenue { get; init; }
}

/// <summary>Cost to serve against the allocation run.</summary>
public sealed record CostReconciliation
{
    /// <summary>Sum of the customers' costs, as they are stored.</summary>
    public required Money Customers { get; init; }

    /// <summary>What the run gave to the external side.</summary>
    public required Money ExternalShare { get; init; }

    /// <summary>Customers less external share.</summary>
    public required Money Difference { get; init; }
}

/// <summary>Recognised revenue against invoices.</summary>
public sealed record RevenueReconciliation
{
    /// <summary>What the month recognised: by contracts, and adjusted by documents.</summary>
    public required Money Recognised { get; init; }

    /// <summary>What of it issued true-ups added and credit notes took back.</summary>
    public required Money Adjusted { get; init; }

    /// <summary>
    /// What the billing periods of the month have earned to its end by their contracts, earlier months included.
    /// </summary>
    public required Money Earned { get; init; }

    /// <summary>What of these periods is invoiced.</summary>
    public required Money Invoiced { get; init; }

    /// <summary>Earned and not invoiced.</summary>
    public required Money Accrued { get; init; }

    /// <summary>Invoiced and not earned yet.</summary>
    public required Money Deferred { get; init; }

    /// <summary>
    /// Earned less invoiced of periods that are over and invoiced: other than 0.00 only when usage arrived between
    /// the close of the month and the invoice.
    /// </summary>
    public required Money Difference { get; init; }
}
