using System.Globalization;
using System.Xml.Linq;
using ExternalServices.Api.Billing;
using ExternalServices.Domain.EInvoicing;
using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Documents;

/// <summary>A line of an invoice or credit note as UBL shows it.</summary>
internal sealed record UblLine(
    int Number,
    string Name,
    decimal Quantity,
    string Unit,
    decimal Price,
    decimal BaseQuantity,
    DateOnly From,
    DateOnly To,
    Money Net,
    TaxCategory Category,
    decimal Rate,
    IReadOnlyList<(string Reason, Money Amount)> Allowances)
{
    public UblLine(InvoiceLineView line)
        : this(
            line.Number,
            line.Description,
            line.Quantity,
            line.Unit,
            line.Price,
            line.BaseQuantity,
            line.From,
            line.To,
            line.Net,
            line.TaxCategory,
            line.TaxRate,
            [.. line.Allowances.Select(allowance => (allowance.Description, allowance.Amount))])
    {
    }

    public UblLine(CreditNoteLine line)
        : this(
            line.Line,
            line.Description,
            1,
            "one",
            line.Net.Amount,
            1,
            line.From,
            line.To,
            line.Net,
            line.TaxCategory,
            line.TaxRate,
            [])
    {
    }
}

/// <summary>The parts that invoices and credit notes have in common.</summary>
internal sealed class UblParts(Currency currency)
{
    private const string Root = "urn:oasis:names:specification:ubl:schema:xsd:";

    private static readonly XNamespace Cbc = Root + "CommonBasicComponents-2";
    private static readonly XNamespace Cac = Root + "CommonAggregateComponents-2";

    public static XDocument Document(string name, params object?[] parts) => new(
        new XDeclaration("1.0", "UTF-8", null),
        new XElement(
            (XNamespace)$"{Root}{name}-2" + name,
            new XAttribute(XNamespace.Xmlns + "cac", Cac.NamespaceName),
            new XAttribute(XNamespace.Xmlns + "cbc", Cbc.NamespaceName),
            parts));

    public static XElement Basic(string name, string value) => new(Cbc + name, value);

    public static XElement Aggregate(string name, params object?[] parts) => new(Cac + name, parts);

    public static string Day(DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);

    public static XElement Supplier(InvoiceParty party, bool isOutsideScope) =>
        Aggregate("AccountingSupplierParty", Party(party, isOutsideScope));

    public static XElement Customer(InvoiceParty party, bool isOutsideScope) =>
        Aggregate("AccountingCustomerParty", Party(party, isOutsideScope));

    /// <summary>BT-6, where the seller's books are in another currency.</summary>
    public XElement? TaxCurrency(Money accountingTax) =>
        accountingTax.Currency == currency ? null : Basic("TaxCurrencyCode", accountingTax.Currency.Code);

    public IEnumerable<XElement> TaxTotals(Money tax, IReadOnlyList<InvoiceTaxView> groups, Money accountingTax)
    {
        yield return Aggregate(
            "TaxTotal",
            Amount("TaxAmount", tax),
            groups.Select(group => Aggregate(
                "TaxSubtotal",
                Amount("TaxableAmount", group.Base),
                Amount("TaxAmount", group.Tax),
                Category("TaxCategory", group.Category, group.Rate, group.ReasonCode, group.Reason))));
        if (accountingTax.Currency != currency)
        {
            yield return Aggregate("TaxTotal", Amount("TaxAmount", accountingTax));
        }
    }

    public static XElement MonetaryTotal(Money net, Money gross) => Aggregate(
        "LegalMonetaryTotal",
        Amount("LineExtensionAmount", net),
        Amount("TaxExclusiveAmount", net),
        Amount("TaxInclusiveAmount", gross),
        Amount("PayableAmount", gross));

    public XElement Line(string document, string quantityName, UblLine line) => Aggregate(
        $"{document}Line",
        Basic("ID", Number(line.Number)),
        new XElement(
            Cbc + quantityName, new XAttribute("unitCode", UnitCode.Of(line.Unit)), Number(line.Quantity)),
        Amount("LineExtensionAmount", line.Net),
        Aggregate(
            "InvoicePeriod",
            Basic("StartDate", Day(line.From)),
            Basic("EndDate", Day(line.To.AddDays(-1)))),
        line.Allowances.Select(allowance => Aggregate(
            "AllowanceCharge",
            Basic("ChargeIndicator", "false"),
            Basic("AllowanceChargeReason", allowance.Reason),
            Amount("Amount", allowance.Amount))),
        Aggregate(
            "Item", Basic("Name", line.Name), Category("ClassifiedTaxCategory", line.Category, line.Rate, null, null)),
        Aggregate(
            "Price",
            new XElement(Cbc + "PriceAmount", new XAttribute("currencyID", currency.Code), Number(line.Price)),
            new XElement(
                Cbc + "BaseQuantity",
                new XAttribute("unitCode", UnitCode.Of(line.Unit)),
                Number(line.BaseQuantity))));

    /// <summary>A document outside the scope of VAT names no VAT ids (BR-O-02).</summary>
    private static XElement Party(InvoiceParty party, bool isOutsideScope) => Aggregate(
        "Party",
        Aggregate(
            "PostalAddress",
            Basic("StreetName", party.Address.Street),
            Basic("CityName", party.Address.City),
            Basic("PostalZone", party.Address.PostalCode),
            Aggregate("Country", Basic("IdentificationCode", party.Country))),
        party.VatId is { } vatId && !isOutsideScope
            ? Aggregate("PartyTaxScheme", Basic("CompanyID", vatId), Vat())
            : null,
        Aggregate("PartyLegalEntity", Basic("RegistrationName", party.Name)));

    private static XElement Category(
        string name, TaxCategory category, decimal rate, string? reasonCode, string? reason) => Aggregate(
        name,
        Basic("ID", category.ToString()),
        EInvoice.StatedRate(category, rate) is { } stated ? Basic("Percent", Number(stated)) : null,
        reasonCode is null ? null : Basic("TaxExemptionReasonCode", reasonCode),
        reason is null ? null : Basic("TaxExemptionReason", reason),
        Vat());

    private static XElement Vat() => Aggregate("TaxScheme", Basic("ID", "VAT"));

    private static XElement Amount(string name, Money money) => new(
        Cbc + name,
        new XAttribute("currencyID", money.Currency.Code),
        money.Currency.Format(money.Amount));

    private static string Number(decimal value) =>
        value.ToString("0.############################", CultureInfo.InvariantCulture);
}

/// <summary>Our units by their codes in UN/ECE recommendation 20.</summary>
internal static class UnitCode
{
    private const string One = "C62";

    public static string Of(string unit) => unit switch
    {
        "day" => "DAY",
        "hour" => "HUR",
        "month" => "MON",
        "year" => "ANN",
        "GB" => "E34",
        "TB" => "E35",
        "package" => "PK",
        _ => One,
    };
}
