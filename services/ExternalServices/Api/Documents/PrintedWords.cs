using ExternalServices.Domain.Tax;
using ServiceMesh.Printing;

namespace ExternalServices.Api.Documents;

/// <summary>What stands on printed invoices and credit notes, in the recipient's language.</summary>
internal sealed record PrintedWords
{
    public required PrintLanguage Language { get; init; }

    public required string Invoice { get; init; }

    public required string DraftInvoice { get; init; }

    public required string CreditNote { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    public required string DebitNote { get; init; }

    public required string VatId { get; init; }

    public required string IssueDate { get; init; }

    public required string DueDate { get; init; }

    public required string TaxPoint { get; init; }

    public required string OfInvoice { get; init; }

    public required string Reason { get; init; }

    public required string Lines { get; init; }

    public required string Description { get; init; }

    public required string Period { get; init; }

    public required string Quantity { get; init; }

    public required string Price { get; init; }

    public required string Net { get; init; }

    public required string Taxes { get; init; }

    public required string Category { get; init; }

    public required string Rate { get; init; }

    public required string Base { get; init; }

    public required string Tax { get; init; }

    public required string Total { get; init; }

    public required string Summary { get; init; }

    public required string Amount { get; init; }

    public required string Notes { get; init; }

    public required string Until { get; init; }

    /// <summary>Of the tax categories, for who does not know their codes.</summary>
    public required IReadOnlyDictionary<TaxCategory, string> Categories { get; init; }

    /// <summary>Of the units that we name ourselves; the provider's services name their own.</summary>
    public required IReadOnlyDictionary<string, string> Units { get; init; }

    /// <summary>{0} is the amount, {1} the day.</summary>
    public required string PayBy { get; init; }

    /// <summary>{0} is the tax in the currency of the seller's books.</summary>
    public required string TaxInBooks { get; init; }

    /// <summary>Of the reasons that the tax determination gives in English.</summary>
    public required IReadOnlyDictionary<string, string> Reasons { get; init; }

    public static PrintedWords English { get; } = new()
    {
        Language = PrintLanguage.English,
        Invoice = "Invoice",
        DraftInvoice = "Draft of an invoice",
        CreditNote = "Credit note",
        DebitNote = "Debit note",
        From = "From",
        To = "Bill to",
        VatId = "VAT id",
        IssueDate = "Date of issue",
        DueDate = "Due date",
        TaxPoint = "Tax point",
        OfInvoice = "For invoice",
        Reason = "Reason",
        Lines = "Services",
        Description = "Description",
        Period = "Period",
        Quantity = "Quantity",
        Price = "Price",
        Net = "Net",
        Taxes = "Tax",
        Category = "Category",
        Rate = "Rate",
        Base = "Taxable amount",
        Tax = "Tax",
        Total = "Total",
        Summary = "Summary",
        Amount = "Amount",
        Categories = new Dictionary<TaxCategory, string>
        {
            [TaxCategory.S] = "VAT",
            [TaxCategory.Z] = "Zero rated",
            [TaxCategory.E] = "Exempt",
            [TaxCategory.AE] = "Reverse charge",
            [TaxCategory.K] = "Intra-community",
            [TaxCategory.G] = "Export",
            [TaxCategory.O] = "Not subject to VAT",
        },
        Units = new Dictionary<string, string>(),
        Notes = "Notes",
        Until = "to",
        TaxInBooks = "The VAT comes to {0}.",
        PayBy = "Please pay {0} by {1}.",
        Reasons = new Dictionary<string, string>(),
    };

    public static PrintedWords Spanish { get; } = new()
    {
        Language = PrintLanguage.Spanish,
        Invoice = "Factura",
        DraftInvoice = "Borrador de factura",
        CreditNote = "Factura rectificativa",
        DebitNote = "Nota de débito",
        From = "Emisor",
        To = "Cliente",
        VatId = "NIF-IVA",
        IssueDate = "Fecha de expedición",
        DueDate = "Vencimiento",
        TaxPoint = "Devengo",
        OfInvoice = "Rectifica la factura",
        Reason = "Motivo",
        Lines = "Servicios",
        Description = "Descripción",
        Period = "Periodo",
        Quantity = "Cantidad",
        Price = "Precio",
        Net = "Base",
        Taxes = "Impuestos",
        Category = "Categoría",
        Rate = "Tipo",
        Base = "Base imponible",
        Tax = "Cuota",
        Total = "Total",
        Summary = "Resumen",
        Amount = "Importe",
        Categories = new Dictionary<TaxCategory, string>
        {
            [TaxCategory.S] = "IVA",
            [TaxCategory.Z] = "Tipo cero",
            [TaxCategory.E] = "Exento",
            [TaxCategory.AE] = "Inversión del sujeto pasivo",
            [TaxCategory.K] = "Intracomunitario",
            [TaxCategory.G] = "Exportación",
            [TaxCategory.O] = "No sujeto a IVA",
        },
        Units = new Dictionary<string, string>
        {
            ["month"] = "mes",
            ["months"] = "meses",
            ["day"] = "día",
            ["hour"] = "hora",
            ["year"] = "año",
        },
        Notes = "Observaciones",
        Until = "a",
        TaxInBooks = "La cuota de IVA equivale a {0}.",
        PayBy = "Rogamos el pago de {0} hasta el {1}.",
        Reasons = new Dictionary<string, string>
        {
            ["Reverse charge"] = "Inversión del sujeto pasivo",
            ["Intra-community supply"] = "Entrega intracomunitaria exenta",
            ["Export outside the EU"] = "Exportación exenta",
            ["Not subject to VAT"] = "Operación no sujeta a IVA",
        },
    };

    public static PrintedWords In(Parties.Language language) => language switch
    {
        Parties.Language.En => English,
        Parties.Language.Es => Spanish,
    };
}
