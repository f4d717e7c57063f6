using System.Globalization;
using System.Xml.Linq;
using ExternalServices.Api.Billing;
using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Documents;

/// <summary>Documents in UBL 2.1 as EN 16931 binds it; the elements stand in the order of its schema.</summary>
internal static class UblDocument
{
    public const string MediaType = "application/xml";

    private const string Customization = "urn:cen.eu:en16931:2017";
    private const string InvoiceType = "380";
    private const string DebitNoteType = "383";
    private const string CreditNoteType = "381";

    /// <param name="invoice">An issued one.</param>
    /// <param name="accountingTax">In the currency of the seller's books.</param>
    public static XDocument Of(Invoice invoice, Money accountingTax)
    {
        var ubl = new UblParts(invoice.Gross.Currency);
        return UblParts.Document(
            "Invoice",
            UblParts.Basic("CustomizationID", Customization),
            UblParts.Basic("ID", invoice.Number!),
            UblParts.Basic("IssueDate", UblParts.Day(invoice.IssueDate!.Value)),
            UblParts.Basic("DueDate", UblParts.Day(invoice.DueDate!.Value)),
            UblParts.Basic("InvoiceTypeCode", invoice.IsDebitNote ? DebitNoteType : InvoiceType),
            UblParts.Basic("TaxPointDate", UblParts.Day(invoice.TaxPoint)),
            UblParts.Basic("DocumentCurrencyCode", invoice.Gross.Currency.Code),
            ubl.TaxCurrency(accountingTax),
            invoice.Adjusts.Select(adjusted => About(adjusted.Number, adjusted.IssueDate)),
            UblParts.Supplier(invoice.Seller, IsOutsideScope(invoice.Taxes)),
            UblParts.Customer(invoice.Buyer, IsOutsideScope(invoice.Taxes)),
            UblParts.Aggregate("PaymentTerms", UblParts.Basic("Note", Terms(invoice))),
            ubl.TaxTotals(invoice.Tax, invoice.Taxes, accountingTax),
            UblParts.MonetaryTotal(invoice.Net, invoice.Gross),
            invoice.Lines.Select(line => ubl.Line("Invoice", "InvoicedQuantity", new UblLine(line))));
    }

    public static XDocument Of(CreditNote note, Money accountingTax)
    {
        var ubl = new UblParts(note.Gross.Currency);
        return UblParts.Document(
            "CreditNote",
            UblParts.Basic("CustomizationID", Customization),
            UblParts.Basic("ID", note.Number),
            UblParts.Basic("IssueDate", UblParts.Day(note.IssueDate)),
            UblParts.Basic("CreditNoteTypeCode", CreditNoteType),
            UblParts.Basic("Note", note.Reason),
            UblParts.Basic("DocumentCurrencyCode", note.Gross.Currency.Code),
            ubl.TaxCurrency(accountingTax),
            About(note.InvoiceNumber, note.InvoiceDate),
            UblParts.Supplier(note.Seller, IsOutsideScope(note.Taxes)),
            UblParts.Customer(note.Buyer, IsOutsideScope(note.Taxes)),
            UblParts.Aggregate("PaymentTerms", UblParts.Basic("Note", note.Reason)),
            ubl.TaxTotals(note.Tax, note.Taxes, accountingTax),
            UblParts.MonetaryTotal(note.Net, note.Gross),
            note.Lines.Select(line => ubl.Line("CreditNote", "CreditedQuantity", new UblLine(line))));
    }

    /// <summary>The invoice that the document changes (BG-3).</summary>
    private static XElement About(string number, DateOnly issueDate) => UblParts.Aggregate(
        "BillingReference",
        UblParts.Aggregate(
            "InvoiceDocumentReference",
            UblParts.Basic("ID", number),
            UblParts.Basic("IssueDate", UblParts.Day(issueDate))));

    private static string Terms(Invoice invoice) =>
        string.Create(CultureInfo.InvariantCulture, $"Payable by {invoice.DueDate:yyyy-MM-dd}");

    private static bool IsOutsideScope(IReadOnlyList<InvoiceTaxView> taxes) =>
        taxes.All(tax => tax.Category == TaxCategory.O);
}
