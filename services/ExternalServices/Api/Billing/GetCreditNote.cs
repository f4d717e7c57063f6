using ExternalServices.Api.Documents;
using ExternalServices.Api.Parties;
using ExternalServices.Domain.Tax;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>A credit note with everything on it.</summary>
public static class GetCreditNote
{
    public static async Task<IResult> Handle(
        Guid id,
        HttpRequest request,
        Caller caller,
        Database database,
        DocumentForms forms,
        CancellationToken cancellationToken) =>
        await database.Read(caller.Tenant, transaction => Read(transaction, id), cancellationToken) is { } note
            ? await forms.Give(request, note, cancellationToken)
            : Problem.Of(Refusal.NotFound("credit-note", $"{id}"));

    internal static async Task<CreditNote?> Read(Transaction transaction, Guid id)
    {
        var key = new { Id = id };
        if (await transaction.SingleOrDefault<Row>(SelectNote, key) is not { } row) return null;
        var lines = await transaction.Query<LineRow>(SelectLines, key);
        var taxes = await transaction.Query<InvoiceTaxRow>(SelectTaxes, key);
        return row.ToNote(lines, taxes);
    }

    private sealed record Row
    {
        public required Guid Id { get; init; }

        public required string Number { get; init; }

        public required Guid Invoice { get; init; }

        public required string InvoiceNumber { get; init; }

        public required DateOnly InvoiceDate { get; init; }

        public required DateOnly InvoiceTaxPoint { get; init; }

        public required Language Language { get; init; }

        public required string Customer { get; init; }

        public required string LegalEntity { get; init; }

        public required DateOnly IssueDate { get; init; }

        public required string Reason { get; init; }

        public required Currency Currency { get; init; }

        public required decimal Net { get; init; }

        public required decimal Tax { get; init; }

        public required decimal Gross { get; init; }

        public required decimal Refunded { get; init; }

        public required decimal OnBalance { get; init; }

        public required string[] Seller { get; init; }

        public required string[] Buyer { get; init; }

        public required DateTimeOffset CreatedAt { get; init; }

        public required string CreatedBy { get; init; }

        public CreditNote ToNote(IEnumerable<LineRow> lines, IEnumerable<InvoiceTaxRow> taxes) => new()
        {
            Id = Id,
            Number = Number,
            Invoice = Invoice,
            InvoiceNumber = InvoiceNumber,
            InvoiceDate = InvoiceDate,
            InvoiceTaxPoint = InvoiceTaxPoint,
            Language = Language,
            Customer = Customer,
            LegalEntity = LegalEntity,
            IssueDate = IssueDate,
            Reason = Reason,
            Net = new Money(Net, Currency),
            Tax = new Money(Tax, Currency),
            Gross = new Money(Gross, Currency),
            Refunded = new Money(Refunded, Currency),
            OnBalance = new Money(OnBalance, Currency),
            Seller = Party(Seller),
            Buyer = Party(Buyer),
            Lines = [.. lines.Select(line => line.ToLine(Currency))],
            Taxes = [.. taxes.Select(tax => tax.ToTax(Currency))],
            CreatedAt = CreatedAt,
            CreatedBy = CreatedBy,
        };

        private static InvoiceParty Party(string?[] columns) => new()
        {
            Name = columns[0]!,
            Address = new Address { Street = columns[1]!, City = columns[2]!, PostalCode = columns[3]! },
            Country = columns[4]!,
            VatId = columns[5],
        };
    }

    private sealed record LineRow
    {
        public required int Line { get; init; }

        public required string Service { get; init; }

        public required string Description { get; init; }

        public required DateOnly From { get; init; }

        public required DateOnly To { get; init; }

        public required decimal Net { get; init; }

        public required TaxCategory TaxCategory { get; init; }

        public required decimal TaxRate { get; init; }

        public CreditNoteLine ToLine(Currency currency) => new()
        {
            Line = Line,
            Service = Service,
            Description = Description,
            From = From,
            To = To,
            Net = new Money(Net, currency),
            TaxCategory = TaxCategory,
            TaxRate = TaxRate,
        };
    }

    private const string SelectNote = """
        select n.id, n.number, n.invoice, i.number as invoice_number, i.issue_date as invoice_date,
            i.tax_point as invoice_tax_point, customer.language, n.customer, n.legal_entity, n.issue_date,
            n.reason, n.currency, n.net, n.tax, n.gross, n.refunded, n.on_balance,
            array[s.name, s.street, s.city, s.postal_code, s.country, s.vat_id] as seller,
            array[b.name, b.street, b.city, b.postal_code, b.country, b.vat_id] as buyer, n.created_at, n.created_by
        from billing.credit_notes n
        join billing.invoices i on i.id = n.invoice
        join parties.customers customer on customer.code = n.customer
        join parties.legal_entity_details s
            on s.legal_entity = n.legal_entity and s.version = n.legal_entity_version
        join parties.customer_details b on b.customer = n.customer and b.version = n.customer_version
        where n.id = @Id
        """;

    private const string SelectLines = """
        select credited.line, line.service, line.description, line.period_from as from, line.period_to as to,
            credited.net, line.tax_category, trim_scale(line.tax_rate) as tax_rate
        from billing.credit_note_lines credited
        join billing.invoice_lines line on line.invoice = credited.invoice and line.number = credited.line
        where credited.credit_note = @Id
        order by credited.line
        """;

    private const string SelectTaxes = """
        select category, trim_scale(rate) as rate, base, tax, reason_code, reason
        from billing.credit_note_taxes
        where credit_note = @Id
        order by category, rate
        """;
}
