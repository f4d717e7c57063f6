using ExternalServices.Api.Documents;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>An invoice with everything on it.</summary>
public static class GetInvoice
{
    public static async Task<IResult> Handle(
        Guid id,
        HttpRequest request,
        Caller caller,
        Database database,
        DocumentForms forms,
        CancellationToken cancellationToken) =>
        await database.Read(caller.Tenant, transaction => Read(transaction, id), cancellationToken) is { } invoice
            ? await forms.Give(request, invoice, cancellationToken)
            : Problem.Of(Refusal.NotFound("invoice", $"{id}"));

    internal static async Task<Invoice?> Read(Transaction transaction, Guid id)
    {
        var key = new { Id = id };
        if (await transaction.SingleOrDefault<InvoiceRow>(SelectInvoice, key) is not { } row) return null;
        var lines = await transaction.Query<InvoiceLineRow>(SelectLines, key);
        var taxes = await transaction.Query<InvoiceTaxRow>(SelectTaxes, key);
        IReadOnlyList<InvoiceReference> adjusts =
            row.IsDebitNote ? await transaction.Query<InvoiceReference>(SelectAdjusted, key) : [];
        return row.ToInvoice(lines, taxes, adjusts, transaction.Now);
    }

    private const string SelectInvoice = """
        select i.id, i.state, i.number, i.customer, i.legal_entity, i.contract, i.month, i.issue_date, i.due_date,
            i.currency, i.net, i.tax, i.gross, i.fees, i.paid, i.credited, i.dispute_reason, i.dunning_level,
            i.is_debit_note, i.run, i.version, i.tax_point, i.created_at, i.finalizes_at, i.finalized_at,
            customer.zone as customer_zone, customer.language,
            seller.name as seller_name, seller.street as seller_street, seller.city as seller_city,
            seller.postal_code as seller_postal_code, seller.country as seller_country, seller.vat_id as seller_vat_id,
            buyer.name as buyer_name, buyer.street as buyer_street, buyer.city as buyer_city,
            buyer.postal_code as buyer_postal_code, buyer.country as buyer_country, buyer.vat_id as buyer_vat_id
        from billing.invoices i
        join parties.legal_entity_details seller
            on seller.legal_entity = i.legal_entity and seller.version = i.legal_entity_version
        join parties.customers customer on customer.code = i.customer
        join parties.customer_details buyer on buyer.customer = i.customer and buyer.version = i.customer_version
        where i.id = @Id
        """;

    private const string SelectLines = """
        select number, charge, service, description, period_from as from, period_to as to,
            trim_scale(quantity) as quantity, unit, trim_scale(price) as price,
            trim_scale(base_quantity) as base_quantity, net, kind, allowances::text as allowances, tax_category,
            trim_scale(tax_rate) as tax_rate,
            trim_scale(metered_quantity) as metered_quantity, events, usage_from, usage_to
        from billing.invoice_lines
        where invoice = @Id
        order by number
        """;

    private const string SelectTaxes = """
        select category, trim_scale(rate) as rate, base, tax, reason_code, reason
        from billing.invoice_taxes
        where invoice = @Id
        order by category, rate
        """;

    /// <summary>A period that was billed anew after its first invoice was cancelled names the new one.</summary>
    private const string SelectAdjusted = """
        select distinct billed.id, billed.number, billed.issue_date
        from billing.invoice_lines late
        join billing.invoices note on note.id = late.invoice
        join billing.invoice_lines line
            on line.contract = late.contract and line.charge = late.charge and line.period_from = late.period_from
        join billing.invoices billed on billed.id = line.invoice
        where late.invoice = @Id and not billed.is_debit_note and billed.number is not null
            and billed.created_at < note.created_at
            and (line.released_at is null or line.released_at > note.created_at)
        order by billed.issue_date, billed.number
        """;
}
