using System.Text.Json;
using ExternalServices.Api.Contracts;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Tax;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Json;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>An invoice line with the contract that it is of, from which it can be reckoned again.</summary>
internal sealed record StoredLine : RunningContract
{
    public required Guid Invoice { get; init; }

    public required int Number { get; init; }

    public required string Charge { get; init; }

    public required LineKind Kind { get; init; }

    public required int Cause { get; init; }

    public required DateOnly PeriodFrom { get; init; }

    public required DateOnly PeriodTo { get; init; }

    public required DateOnly FullFrom { get; init; }

    public required DateOnly FullTo { get; init; }

    public required decimal Quantity { get; init; }

    public required decimal Price { get; init; }

    public required decimal BaseQuantity { get; init; }

    public required string? Allowances { get; init; }

    public required decimal Net { get; init; }

    public required TaxCategory TaxCategory { get; init; }

    public required decimal TaxRate { get; init; }

    public required decimal? MeteredQuantity { get; init; }

    public required long? Events { get; init; }

    public required DateTimeOffset? UsageFrom { get; init; }

    public required DateTimeOffset? UsageTo { get; init; }

    public required long Watermark { get; init; }

    public BillingPeriod Period => new(new DateRange(PeriodFrom, PeriodTo), new DateRange(FullFrom, FullTo));

    public TaxTreatment Tax => new(TaxCategory, TaxRate);

    public LineFigures Figures => new()
    {
        Quantity = Quantity,
        Price = Price,
        BaseQuantity = BaseQuantity,
        MeteredQuantity = MeteredQuantity,
        Events = Events,
        Allowances = new Money(
            Allowances is null
                ? 0
                : JsonSerializer.Deserialize<LineAllowance[]>(Allowances, Wire.Options)!.Sum(taken => taken.Amount),
            Currency),
        Net = new Money(Net, Currency),
    };

    public static Task<StoredLine?> Read(Transaction transaction, Guid invoice, int number) =>
        transaction.SingleOrDefault<StoredLine>(Select, new { Invoice = invoice, Number = number });

    /// <summary>What the contract bills by this line; null when it bills nothing like it.</summary>
    public DueCharge? DueCharge(ContractTerms terms)
    {
        var (kind, cause) = Kind == LineKind.LateUsage ? (LineKind.Charge, 0) : (Kind, Cause);
        return Domain.Billing.DueCharge.Of(FullPeriod(terms), terms)
            .FirstOrDefault(due => due.Charge.Code == Charge
                && (due.Kind, due.Cause, due.Period.Served.Start) == (kind, cause, PeriodFrom));
    }

    public DueCommitment? DueCommitment(ContractTerms terms) =>
        Domain.Billing.DueCommitment.Of(FullPeriod(terms), terms)
            .FirstOrDefault(due => due.Commitment.Code == Charge);

    private BillingPeriod FullPeriod(ContractTerms terms) => terms.Cycle.Containing(PeriodFrom)!.Value;

    /// <summary>The lines of the same billing period that were made before this one, or with it.</summary>
    public Task<IReadOnlyList<LineBeside>> BilledBeside(Transaction transaction) =>
        transaction.Query<LineBeside>(SelectBeside, new { Invoice, Number, Contract = Code, FullFrom });

    /// <summary>The sum of the lines above it.</summary>
    public Task<decimal> Carried(Transaction transaction) =>
        transaction.Single<decimal>(SelectCarried, new { Invoice, Number });

    private const string Select = """
        select c.code, c.customer, customer.zone as customer_zone, c.plan, c.plan_version, c.currency,
            c.start_date as start, c.signed_end, c.anchor_date as anchor, c.agreed::text as agreed, c.late_usage,
            line.invoice, line.number, line.charge, line.kind, line.cause, line.period_from, line.period_to,
            line.full_from, line.full_to, trim_scale(line.quantity) as quantity, trim_scale(line.price) as price,
            trim_scale(line.base_quantity) as base_quantity, line.allowances::text as allowances, line.net,
            line.tax_category, line.tax_rate, trim_scale(line.metered_quantity) as metered_quantity, line.events,
            line.usage_from, line.usage_to, invoice.watermark
        from billing.invoice_lines line
        join billing.invoices invoice on invoice.id = line.invoice
        join contracts.contracts c on c.code = line.contract
        join parties.customers customer on customer.code = c.customer
        where line.invoice = @Invoice and line.number = @Number
        """;

    private const string SelectBeside = """
        select line.kind, line.charge, line.period_from, line.net
        from billing.invoice_lines line
        join billing.invoices invoice on invoice.id = line.invoice
        join billing.invoices own on own.id = @Invoice
        where line.contract = @Contract and line.full_from = @FullFrom
            and (invoice.created_at, invoice.id) <= (own.created_at, own.id)
            and (invoice.id <> own.id or line.number < @Number)
            and (line.released_at is null or line.released_at > own.created_at)
        """;

    private const string SelectCarried = """
        select coalesce(sum(net), 0) from billing.invoice_lines where invoice = @Invoice and number < @Number
        """;
}

/// <summary>A line that may count towards a commitment.</summary>
internal sealed record LineBeside
{
    public required LineKind Kind { get; init; }

    public required string Charge { get; init; }

    public required DateOnly PeriodFrom { get; init; }

    public required decimal Net { get; init; }
}
