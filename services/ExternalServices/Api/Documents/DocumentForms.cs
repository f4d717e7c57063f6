using System.Text;
using System.Xml;
using System.Xml.Linq;
using ExternalServices.Api.Billing;
using ExternalServices.Domain.EInvoicing;
using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;
using ServiceMesh.Printing;
using ServiceMesh.Printing.Html;
using ServiceMesh.Printing.Pdf;

namespace ExternalServices.Api.Documents;

/// <summary>Gives a document in the form that the caller asks for.</summary>
public sealed class DocumentForms(Database database, ProviderOptions provider)
{
    /// <summary>Beside JSON.</summary>
    public static readonly string[] Others = [HtmlPrinter.MediaType, PdfPrinter.MediaType, UblDocument.MediaType];

    private static readonly string[] Offered = [Forms.Json, .. Others];

    private static readonly XmlWriterSettings Xml = new() { Encoding = new UTF8Encoding(false), Indent = true };

    /// <param name="request">Its Accept header says which form.</param>
    /// <param name="invoice">A draft has no e-invoice.</param>
    /// <param name="cancellationToken">Ends the reading of rates.</param>
    public async Task<IResult> Give(HttpRequest request, Invoice invoice, CancellationToken cancellationToken)
    {
        var form = Forms.Choose(request, Offered);
        if (form == Forms.Json) return Answer.Ok(invoice) with { Version = invoice.Version };
        if (form is null) return Forms.NotAcceptable(Offered);
        if (form != UblDocument.MediaType)
        {
            var printed = Printing.Of(
                invoice, await InBooks(invoice.LegalEntity, invoice.Tax, invoice.TaxPoint, cancellationToken));
            return Print(form, printed, invoice.Number ?? $"{invoice.Id}", invoice.Version);
        }

        if (invoice.Number is null)
        {
            return Problem.Of(Refusal.Conflict("invoice-draft", "A draft has no number yet.", "draft", "finalize"));
        }

        return await EInvoice(
            EInvoices.Of(invoice),
            invoice.LegalEntity,
            invoice.Tax,
            invoice.TaxPoint,
            tax => UblDocument.Of(invoice, tax),
            invoice.Number,
            cancellationToken);
    }

    /// <inheritdoc cref="Give(HttpRequest, Invoice, CancellationToken)"/>
    public async Task<IResult> Give(HttpRequest request, CreditNote note, CancellationToken cancellationToken)
    {
        var form = Forms.Choose(request, Offered);
        if (form == Forms.Json) return Answer.Ok(note);
        if (form is null) return Forms.NotAcceptable(Offered);
        if (form != UblDocument.MediaType)
        {
            var inBooks = await InBooks(note.LegalEntity, note.Tax, note.InvoiceTaxPoint, cancellationToken);
            return Print(form, Printing.Of(note, inBooks), note.Number, null);
        }

        return await EInvoice(
            EInvoices.Of(note),
            note.LegalEntity,
            note.Tax,
            note.InvoiceTaxPoint,
            tax => UblDocument.Of(note, tax),
            note.Number,
            cancellationToken);
    }

    /// <summary>The tax where the seller's books are in another currency and the rate is known; else null.</summary>
    private async Task<Money?> InBooks(
        string legalEntity, Money tax, DateOnly taxPoint, CancellationToken cancellationToken)
    {
        if (tax.Amount == 0) return null;
        var accounting = await AccountingTax.Of(database, legalEntity, tax, taxPoint, provider, cancellationToken);
        return accounting.IsRefused || accounting.Value.Currency == tax.Currency ? null : accounting.Value;
    }

    private static FileAnswer Print(string form, PrintedDocument document, string name, long? version)
    {
        var (content, extension) = form == HtmlPrinter.MediaType
            ? (Encoding.UTF8.GetBytes(HtmlPrinter.Print(document)), "html")
            : (PdfPrinter.Print(document), "pdf");
        return FileAnswer.Of(form, $"{name}.{extension}", content) with { Version = version };
    }

    private async Task<IResult> EInvoice(
        EInvoice document,
        string legalEntity,
        Money tax,
        DateOnly taxPoint,
        Func<Money, XDocument> write,
        string name,
        CancellationToken cancellationToken)
    {
        if (En16931Rules.RefuseForm(document) is { } refusal) return Problem.Of(refusal);
        var accounting = await AccountingTax.Of(database, legalEntity, tax, taxPoint, provider, cancellationToken);
        if (accounting.Refusal is { } rateless) return Problem.Of(rateless);
        using var content = new MemoryStream();
        using (var writer = XmlWriter.Create(content, Xml)) write(accounting.Value).Save(writer);
        return FileAnswer.Of(UblDocument.MediaType, $"{name}.xml", content.ToArray());
    }
}
