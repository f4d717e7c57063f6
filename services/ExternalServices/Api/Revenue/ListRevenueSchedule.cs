using System.Globalization;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Revenue;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Revenue;

/// <summary>When an invoice line is earned.</summary>
public sealed record ScheduledLine
{
    public required Guid Invoice { get; init; }

    public required string InvoiceNumber { get; init; }

    public required int Line { get; init; }

    public required string Customer { get; init; }

    public required string Contract { get; init; }

    public required string Service { get; init; }

    /// <summary>First day that the line pays for.</summary>
    public required DateOnly From { get; init; }

    /// <summary>First day that it no longer pays for.</summary>
    public required DateOnly To { get; init; }

    /// <summary>What was billed, before tax.</summary>
    public required Money Billed { get; init; }

    public required Money Credited { get; init; }

    public required Money Recognised { get; init; }

    /// <summary>Billed, not credited and not recognised.</summary>
    public required Money Deferred { get; init; }

    /// <summary>They sum to what was billed less what was credited.</summary>
    public required IReadOnlyList<ScheduledMonth> Months { get; init; }
}

/// <summary>What one month recognises of a line.</summary>
public sealed record ScheduledMonth
{
    public required Period Month { get; init; }

    /// <summary>Negative where something that was recognised before is taken back.</summary>
    public required Money Amount { get; init; }

    /// <summary>Whether it is in the books already.</summary>
    public required bool IsRecognised { get; init; }
}

public static class ListRevenueSchedule
{
    public static async Task<IResult> Handle(
        string? legalEntity,
        string? customer,
        string? contract,
        Guid? invoice,
        Paging paging,
        Database database,
        CancellationToken cancellationToken)
    {
        var after = paging.After.Split('/');
        return Answer.Ok(paging.Page(
            await database.Read(
                Tenant.Provider,
                transaction => Read(
                    transaction,
                    new
                    {
                        LegalEntity = legalEntity,
                        Customer = customer,
                        Contract = contract,
                        Invoice = invoice,
                        AfterInvoice = after is [var id, _] ? Guid.Parse(id) : Guid.Empty,
                        AfterLine = after is [_, var line] ? int.Parse(line, CultureInfo.InvariantCulture) : 0,
                        paging.Fetch,
                    }),
                cancellationToken),
            line => $"{line.Invoice}/{line.Line}"));
    }

    private static async Task<IReadOnlyList<ScheduledLine>> Read(Transaction transaction, object filter)
    {
        var rows = await transaction.Query<Row>(Select, filter);
        var recognised = (await transaction.Query<Recognised>(
                SelectRecognised,
                new
                {
                    Invoices = rows.Select(row => row.Invoice).ToArray(),
                    Lines = rows.Select(row => row.Line).ToArray(),
                }))
            .ToLookup(part => (part.Invoice, part.Line));
        return [.. rows.Select(row => row.ToLine([.. recognised[(row.Invoice, row.Line)]]))];
    }

    private sealed record Recognised
    {
        public required Guid Invoice { get; init; }

        public required int Line { get; init; }

        public required Period Month { get; init; }

        public required decimal Amount { get; init; }
    }

    private sealed record Row
    {
        public required Guid Invoice { get; init; }

        public required string Number { get; init; }

        public required int Line { get; init; }

        public required string Customer { get; init; }

        public required string Contract { get; init; }

        public required string Service { get; init; }

        public required Currency Currency { get; init; }

        public required DateOnly From { get; init; }

        public required DateOnly To { get; init; }

        public required decimal Net { get; init; }

        public required decimal Credited { get; init; }

        /// <summary>The month that the legal entity has recognised last.</summary>
        public required Period? Latest { get; init; }

        public ScheduledLine ToLine(IReadOnlyList<Recognised> recognised)
        {
            var done = recognised.Sum(part => part.Amount);
            var ahead = new RevenueSchedule(Net - Credited, new DateRange(From, To), Currency)
                .Ahead(done, Latest?.Next ?? Period.Of(From));
            return new ScheduledLine
            {
                Invoice = Invoice,
                InvoiceNumber = Number,
                Line = Line,
                Customer = Customer,
                Contract = Contract,
                Service = Service,
                From = From,
                To = To,
                Billed = new Money(Net, Currency),
                Credited = new Money(Credited, Currency),
                Recognised = new Money(done, Currency),
                Deferred = new Money(Net - Credited - done, Currency),
                Months =
                [
                    .. recognised.Select(part => Part(part.Month, part.Amount, isRecognised: true)),
                    .. ahead.Select(part => Part(part.Month, part.Amount, isRecognised: false)),
                ],
            };
        }

        private ScheduledMonth Part(Period month, decimal amount, bool isRecognised) =>
            new() { Month = month, Amount = new Money(amount, Currency), IsRecognised = isRecognised };
    }

    private const string Select = """
        select line.invoice, invoice.number, line.number as line, line.customer, line.contract, line.service,
            invoice.currency, line.period_from as from, line.period_to as to, line.net,
            coalesce(credited.net, 0) as credited, latest.month as latest
        from billing.invoice_lines line
        join billing.invoices invoice on invoice.id = line.invoice
        left join lateral (
            select sum(credit.net) as net
            from billing.credit_note_lines credit
            where credit.invoice = line.invoice and credit.line = line.number) as credited on true
        left join lateral (
            select max(run.month) as month
            from revenue.runs run
            where run.legal_entity = invoice.legal_entity) as latest on true
        where invoice.state <> 'draft'
            and (@LegalEntity is null or invoice.legal_entity = @LegalEntity)
            and (@Customer is null or line.customer = @Customer)
            and (@Contract is null or line.contract = @Contract)
            and (@Invoice::uuid is null or line.invoice = @Invoice)
            and (line.invoice, line.number) > (@AfterInvoice, @AfterLine)
        order by line.invoice, line.number
        limit @Fetch
        """;

    private const string SelectRecognised = """
        select recognition.invoice, recognition.line, recognition.month, recognition.amount
        from unnest(@Invoices, @Lines) as wanted (invoice, line)
        join revenue.recognitions recognition
            on recognition.invoice = wanted.invoice and recognition.line = wanted.line
        order by recognition.invoice, recognition.line, recognition.month
        """;
}
