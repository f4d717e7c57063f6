using ExternalServices.Api.Billing;
using ExternalServices.Domain.EInvoicing;

namespace ExternalServices.Api.Documents;

/// <summary>Our documents as EN 16931 sees them.</summary>
internal static class EInvoices
{
    public static EInvoice Of(Invoice invoice) => EInvoice.Issued(
        invoice.Gross.Currency,
        Parties(invoice.Seller, invoice.Buyer),
        [
            .. invoice.Lines.Select(line => new EInvoiceLine(
                line.Net.Amount, line.TaxCategory, EInvoice.StatedRate(line.TaxCategory, line.TaxRate))
            {
                Allowances = [.. line.Allowances.Select(allowance => allowance.Amount.Amount)],
            }),
        ],
        [.. invoice.Taxes.Select(Group)],
        (invoice.Net.Amount, invoice.Tax.Amount, invoice.Gross.Amount));

    public static EInvoice Of(CreditNote note) => EInvoice.Issued(
        note.Gross.Currency,
        Parties(note.Seller, note.Buyer),
        [
            .. note.Lines.Select(line => new EInvoiceLine(
                line.Net.Amount, line.TaxCategory, EInvoice.StatedRate(line.TaxCategory, line.TaxRate))),
        ],
        [.. note.Taxes.Select(Group)],
        (note.Net.Amount, note.Tax.Amount, note.Gross.Amount));

    private static TaxParties Parties(InvoiceParty seller, InvoiceParty buyer) =>
        new() { SellerVatId = seller.VatId, BuyerVatId = buyer.VatId };

    private static EInvoiceTaxGroup Group(InvoiceTaxView tax) => new(
        tax.Category,
        EInvoice.StatedRate(tax.Category, tax.Rate),
        tax.Base.Amount,
        tax.Tax.Amount,
        tax.ReasonCode,
        tax.Reason);
}
