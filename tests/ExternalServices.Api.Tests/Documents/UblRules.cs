using System.Globalization;
using System.Xml.Linq;

namespace ExternalServices.Api.Tests.Documents;

/// <summary>
/// Rules of EN 16931 read from the XML alone, without anything of the product: what a recipient's validator would say.
/// </summary>
internal sealed class UblRules
{
    private static readonly XNamespace Cbc = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";
    private static readonly XNamespace Cac = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";

    /// <summary>Their families by the codes of their categories.</summary>
    private static readonly Dictionary<string, string> Families =
        new() { ["S"] = "S", ["Z"] = "Z", ["E"] = "E", ["AE"] = "AE", ["K"] = "IC", ["G"] = "G", ["O"] = "O" };

    private readonly List<string> _broken = [];
    private readonly XElement _root;
    private readonly XElement _totals;
    private readonly List<XElement> _lines;
    private readonly List<XElement> _groups;
    private readonly List<XElement> _adjustments;

    private UblRules(XElement root)
    {
        _root = root;
        _totals = root.Element(Cac + "LegalMonetaryTotal")!;
        _lines = [.. root.Elements(Cac + "InvoiceLine"), .. root.Elements(Cac + "CreditNoteLine")];
        _groups = [.. root.Elements(Cac + "TaxTotal").Elements(Cac + "TaxSubtotal")];
        _adjustments = [.. root.Elements(Cac + "AllowanceCharge")];
    }

    /// <summary>The names of the rules that the document breaks, each once.</summary>
    public static IReadOnlyList<string> Broken(XElement root)
    {
        var rules = new UblRules(root);
        rules.CheckTotals();
        rules.CheckLines();
        rules.CheckDecimals();
        rules.Holds("UBL", UblOrder.Holds(root));
        foreach (var (category, family) in Families) rules.CheckFamily(category, family);
        return [.. rules._broken.Distinct().Order(StringComparer.Ordinal)];
    }

    private void CheckTotals()
    {
        var lineTotal = _lines.Sum(line => Amount(line, "LineExtensionAmount"));
        var (allowances, charges) = (Adjusted("false"), Adjusted("true"));
        Same("BR-CO-10", Amount(_totals, "LineExtensionAmount"), lineTotal);
        Same("BR-CO-11", Amount(_totals, "AllowanceTotalAmount"), allowances);
        Same("BR-CO-12", Amount(_totals, "ChargeTotalAmount"), charges);
        var net = Amount(_totals, "LineExtensionAmount") - Amount(_totals, "AllowanceTotalAmount")
            + Amount(_totals, "ChargeTotalAmount");
        Same("BR-CO-13", Amount(_totals, "TaxExclusiveAmount"), net);
        var currency = _root.Element(Cbc + "DocumentCurrencyCode")!.Value;
        var tax = _root.Elements(Cac + "TaxTotal").Select(total => total.Element(Cbc + "TaxAmount")!)
            .Single(amount => amount.Attribute("currencyID")!.Value == currency);
        Same("BR-CO-14", Decimal(tax), _groups.Sum(group => Amount(group, "TaxAmount")));
        Same("BR-CO-15", Amount(_totals, "TaxInclusiveAmount"), Amount(_totals, "TaxExclusiveAmount") + Decimal(tax));
        Same(
            "BR-CO-16",
            Amount(_totals, "PayableAmount"),
            Amount(_totals, "TaxInclusiveAmount") - Amount(_totals, "PrepaidAmount")
                + Amount(_totals, "PayableRoundingAmount"));
        foreach (var group in _groups)
        {
            var exact = Amount(group, "TaxableAmount") * (Percent(group.Element(Cac + "TaxCategory")!) ?? 0) / 100;
            Same("BR-CO-17", Amount(group, "TaxAmount"), decimal.Round(exact, 2, MidpointRounding.AwayFromZero));
        }

        Holds("BR-CO-18", _groups.Count > 0);
        var isTermed = _root.Element(Cbc + "DueDate") ?? _root.Element(Cac + "PaymentTerms");
        Holds("BR-CO-25", Amount(_totals, "PayableAmount") <= 0 || isTermed is not null);
        var accounting = _root.Element(Cbc + "TaxCurrencyCode")?.Value;
        Holds("BR-53", accounting is null || _root.Elements(Cac + "TaxTotal").Any(total =>
            total.Element(Cbc + "TaxAmount")!.Attribute("currencyID")!.Value == accounting));
    }

    private void CheckLines()
    {
        foreach (var line in _lines)
        {
            var price = line.Element(Cac + "Price")!;
            var quantity = line.Element(Cbc + "InvoicedQuantity") ?? line.Element(Cbc + "CreditedQuantity");
            var gross = Decimal(quantity!) * Amount(price, "PriceAmount") / Amount(price, "BaseQuantity");
            var off = line.Elements(Cac + "AllowanceCharge")
                .Sum(taken => taken.Element(Cbc + "ChargeIndicator")!.Value == "true"
                    ? Amount(taken, "Amount")
                    : -Amount(taken, "Amount"));
            Holds("BR-27", Amount(price, "PriceAmount") >= 0);
            Same(
                "BR-24",
                Amount(line, "LineExtensionAmount"),
                decimal.Round(gross, 2, MidpointRounding.AwayFromZero) + off);
            Holds("BR-CO-04", line.Descendants(Cac + "ClassifiedTaxCategory").Count() == 1);
        }

        string[] types = _root.Name.LocalName == "Invoice" ? ["380", "383"] : ["381"];
        Holds("BR-CL-01", types.Contains(_root.Element(Cbc + $"{_root.Name.LocalName}TypeCode")!.Value));
        Holds("BR-55", _root.Elements(Cac + "BillingReference").All(reference =>
            reference.Element(Cac + "InvoiceDocumentReference")?.Element(Cbc + "ID")?.Value is { Length: > 0 }));
    }

    private void CheckDecimals()
    {
        var amounts = _root.Descendants().Where(element =>
            element.Attribute("currencyID") is not null && element.Name.LocalName != "PriceAmount");
        Holds("BR-DEC", amounts.All(amount => Decimal(amount).Scale <= 2));
    }

    private void CheckFamily(string category, string family)
    {
        var groups = _groups.Where(group => CategoryOf(group) == category).ToList();
        var parts = _lines.Concat(_adjustments).Where(part => CategoryOf(part) == category).ToList();
        Holds($"BR-{family}-01", category == "S" ? parts.Count == 0 || groups.Count > 0
            : groups.Count == Math.Min(parts.Count, 1));
        Holds($"BR-{family}-02", parts.Count == 0 || HasIds(category));
        Holds($"BR-{family}-05", parts.TrueForAll(part => HasRate(category, CategoryElement(part))));
        foreach (var group in groups)
        {
            var element = CategoryElement(group);
            var ofGroup = parts.Where(part => category != "S" || Percent(CategoryElement(part)) == Percent(element));
            Same($"BR-{family}-08", Amount(group, "TaxableAmount"), ofGroup.Sum(Base));
            if (category != "S") Same($"BR-{family}-09", Amount(group, "TaxAmount"), 0);
            var hasReason = element.Element(Cbc + "TaxExemptionReason") is not null
                || element.Element(Cbc + "TaxExemptionReasonCode") is not null;
            Holds($"BR-{family}-10", hasReason == category is not ("S" or "Z"));
        }

        if (category == "O" && groups.Count > 0)
        {
            Holds("BR-O-11", _groups.Count == 1);
            Holds("BR-O-12", parts.Count == _lines.Count + _adjustments.Count);
        }
    }

    private bool HasIds(string category)
    {
        var seller = HasId("AccountingSupplierParty");
        var buyer = HasId("AccountingCustomerParty");
        return category switch
        {
            "O" => !seller && !buyer,
            "AE" or "K" => seller && buyer,
            _ => seller,
        };
    }

    private bool HasId(string side) =>
        _root.Element(Cac + side)!.Descendants(Cac + "PartyTaxScheme").Elements(Cbc + "CompanyID").Any();

    private static bool HasRate(string category, XElement element) => category switch
    {
        "S" => Percent(element) > 0,
        "O" => Percent(element) is null,
        _ => Percent(element) == 0,
    };

    private static decimal Base(XElement part) =>
        part.Name.LocalName != "AllowanceCharge" ? Amount(part, "LineExtensionAmount")
        : part.Element(Cbc + "ChargeIndicator")!.Value == "true" ? Amount(part, "Amount")
        : -Amount(part, "Amount");

    private decimal Adjusted(string isCharge) =>
        _adjustments.Where(part => part.Element(Cbc + "ChargeIndicator")!.Value == isCharge)
            .Sum(part => Amount(part, "Amount"));

    private static XElement CategoryElement(XElement part) =>
        part.Element(Cac + "TaxCategory") ?? part.Element(Cac + "Item")!.Element(Cac + "ClassifiedTaxCategory")!;

    private static string CategoryOf(XElement part) => CategoryElement(part).Element(Cbc + "ID")!.Value;

    private static decimal? Percent(XElement category) =>
        category.Element(Cbc + "Percent") is { } percent ? Decimal(percent) : null;

    /// <summary>A total that is not stated is zero.</summary>
    private static decimal Amount(XElement parent, string name) =>
        parent.Element(Cbc + name) is { } element ? Decimal(element) : 0;

    private static decimal Decimal(XElement element) => decimal.Parse(element.Value, CultureInfo.InvariantCulture);

    private void Same(string rule, decimal stated, decimal follows) => Holds(rule, stated == follows);

    private void Holds(string rule, bool holds)
    {
        if (!holds) _broken.Add(rule);
    }
}
