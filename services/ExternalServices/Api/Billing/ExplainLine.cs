using ExternalServices.Api.Contracts;
using ExternalServices.Api.Usage;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Pricing;
using ExternalServices.Domain.Tax;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>Reckons an invoice line again, from the contract's prices and the usage that it bills.</summary>
public static class ExplainLine
{
    public static async Task<IResult> Handle(
        Guid id,
        int number,
        Caller caller,
        Database database,
        PlanTerms plans,
        CancellationToken cancellationToken) =>
        Answer.Of(
            await database.Read(
                caller.Tenant, transaction => Explain(transaction, id, number, plans), cancellationToken),
            Answer.Ok);

    private static async Task<Outcome<ExplainedLine>> Explain(
        Transaction transaction, Guid id, int number, PlanTerms plans)
    {
        if (await transaction.SingleOrDefault<Row>(Select, new { Id = id, Number = number }) is not { } row)
        {
            return Refusal.NotFound("invoice-line", $"{id}/{number}");
        }

        await plans.Load(transaction, [(row.Plan, row.PlanVersion)]);
        var charge = row.Terms(plans).Charges.Single(charge => charge.Code == row.Charge);
        var due = row.Due(charge);
        var reading = charge.Model.IsMetered
            ? (await Meters.Read(transaction, [new MeterRequest(row.Customer, charge, due.UsageIn)], row.Watermark))[0]
            : null;
        if (reading?.Refusal is { } unread) return unread;

        var usage = reading?.Usage ?? MeteredUsage.None;
        var tax = new TaxTreatment(row.TaxCategory, row.TaxRate);
        return InvoiceDraft.Of(row.Currency, [due with { Usage = usage }], tax)
            .Then<ExplainedLine>(draft => Compare(row, charge, due, reading, draft.Lines[0]));
    }

    private static ExplainedLine Compare(
        Row row, ContractCharge charge, DueCharge due, MeterReading? reading, InvoiceLine line)
    {
        var recomputed = new LineFigures
        {
            Quantity = line.Amounts.Quantity,
            Price = line.Amounts.Price,
            BaseQuantity = line.Amounts.BaseQuantity,
            MeteredQuantity = line.Explanation.MeteredQuantity,
            Events = reading?.Events,
            Net = new Money(line.Net, row.Currency),
        };
        return new ExplainedLine
        {
            Plan = row.Plan,
            PlanVersion = row.PlanVersion,
            Price = charge.Model,
            DaysServed = line.Explanation.DaysServed,
            DaysOfPeriod = line.Explanation.DaysOfPeriod,
            Usage = reading is null
                ? null
                : new MeteredUsageView
                {
                    Quantity = reading.Usage.Quantity,
                    Events = reading.Events,
                    From = due.UsageIn.Start,
                    To = due.UsageIn.End,
                },
            Steps = line.Explanation.Steps,
            Exact = line.Explanation.Exact,
            Recomputed = recomputed,
            Stored = row.Stored,
            IsEqual = recomputed == row.Stored,
        };
    }

    private sealed record Row : RunningContract
    {
        public required string Charge { get; init; }

        public required DateOnly PeriodFrom { get; init; }

        public required DateOnly PeriodTo { get; init; }

        public required DateOnly FullFrom { get; init; }

        public required DateOnly FullTo { get; init; }

        public required decimal Quantity { get; init; }

        public required decimal Price { get; init; }

        public required decimal BaseQuantity { get; init; }

        public required decimal Net { get; init; }

        public required TaxCategory TaxCategory { get; init; }

        public required decimal TaxRate { get; init; }

        public required decimal? MeteredQuantity { get; init; }

        public required long? Events { get; init; }

        public required DateTimeOffset? UsageFrom { get; init; }

        public required DateTimeOffset? UsageTo { get; init; }

        public required long Watermark { get; init; }

        public LineFigures Stored => new()
        {
            Quantity = Quantity,
            Price = Price,
            BaseQuantity = BaseQuantity,
            MeteredQuantity = MeteredQuantity,
            Events = Events,
            Net = new Money(Net, Currency),
        };

        /// <summary>The charge for the line's own days: the contract may have changed since.</summary>
        public DueCharge Due(ContractCharge charge)
        {
            var served = new DateRange(PeriodFrom, PeriodTo);
            return new DueCharge
            {
                Contract = Code,
                Charge = charge,
                Period = new BillingPeriod(served, new DateRange(FullFrom, FullTo)),
                UsageIn = UsageFrom is { } from ? new InstantRange(from, UsageTo!.Value) : served.In(Zone),
            };
        }
    }

    private const string Select = """
        select c.code, c.customer, customer.zone as customer_zone, c.plan, c.plan_version, c.currency,
            c.start_date as start, c.end_date as end, c.anchor_date as anchor, line.charge, line.period_from,
            line.period_to, line.full_from, line.full_to, trim_scale(line.quantity) as quantity,
            trim_scale(line.price) as price, trim_scale(line.base_quantity) as base_quantity, line.net,
            line.tax_category, line.tax_rate, trim_scale(line.metered_quantity) as metered_quantity, line.events,
            line.usage_from, line.usage_to, invoice.watermark
        from billing.invoice_lines line
        join billing.invoices invoice on invoice.id = line.invoice
        join contracts.contracts c on c.code = line.contract
        join parties.customers customer on customer.code = c.customer
        where line.invoice = @Id and line.number = @Number
        """;
}

/// <summary>How a line came about.</summary>
public sealed record ExplainedLine
{
    /// <summary>Code of the plan whose version sets the price.</summary>
    public required string Plan { get; init; }

    public required int PlanVersion { get; init; }

    /// <summary>How the quantity becomes an amount.</summary>
    public required ChargeModel Price { get; init; }

    /// <summary>Days that the line pays for.</summary>
    public required int DaysServed { get; init; }

    /// <summary>Days that a full price is for.</summary>
    public required int DaysOfPeriod { get; init; }

    /// <summary>The usage as it is counted now, up to what had arrived for the invoice; null for agreed fees.</summary>
    public required MeteredUsageView? Usage { get; init; }

    /// <summary>The priced parts, in their order.</summary>
    public required IReadOnlyList<RatingStep> Steps { get; init; }

    /// <summary>Their sum, unrounded: a whole number or an exact fraction.</summary>
    public required string Exact { get; init; }

    /// <summary>What the line would say if it were made now.</summary>
    public required LineFigures Recomputed { get; init; }

    /// <summary>What it says.</summary>
    public required LineFigures Stored { get; init; }

    /// <summary>Whether every figure is the same.</summary>
    public required bool IsEqual { get; init; }
}

/// <summary>The figures of a line.</summary>
public sealed record LineFigures
{
    public required decimal Quantity { get; init; }

    public required decimal Price { get; init; }

    public required decimal BaseQuantity { get; init; }

    /// <summary>What the meter said; null for agreed fees.</summary>
    public required decimal? MeteredQuantity { get; init; }

    /// <summary>How many usage events that was; null for agreed fees.</summary>
    public required long? Events { get; init; }

    public required Money Net { get; init; }
}
