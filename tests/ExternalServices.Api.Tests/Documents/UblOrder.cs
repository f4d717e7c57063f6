using System.Xml.Linq;

namespace ExternalServices.Api.Tests.Documents;

/// <summary>The sequences of the UBL 2.1 schema, as far as EN 16931 binds their elements.</summary>
internal static class UblOrder
{
    private static readonly Dictionary<string, string[]> Sequences = new()
    {
        ["Invoice"] = Words(
            """
            CustomizationID ProfileID ID IssueDate DueDate InvoiceTypeCode Note TaxPointDate DocumentCurrencyCode
            TaxCurrencyCode AccountingCost BuyerReference InvoicePeriod OrderReference BillingReference
            DespatchDocumentReference ReceiptDocumentReference OriginatorDocumentReference ContractDocumentReference
            AdditionalDocumentReference ProjectReference AccountingSupplierParty AccountingCustomerParty PayeeParty
            TaxRepresentativeParty Delivery PaymentMeans PaymentTerms AllowanceCharge TaxTotal LegalMonetaryTotal
            InvoiceLine
            """),
        ["CreditNote"] = Words(
            """
            CustomizationID ProfileID ID IssueDate TaxPointDate CreditNoteTypeCode Note DocumentCurrencyCode
            TaxCurrencyCode AccountingCost BuyerReference InvoicePeriod OrderReference BillingReference
            DespatchDocumentReference ReceiptDocumentReference ContractDocumentReference AdditionalDocumentReference
            OriginatorDocumentReference AccountingSupplierParty AccountingCustomerParty PayeeParty
            TaxRepresentativeParty Delivery PaymentMeans PaymentTerms AllowanceCharge TaxTotal LegalMonetaryTotal
            CreditNoteLine
            """),
        ["InvoiceLine"] = Words(
            """
            ID Note InvoicedQuantity LineExtensionAmount AccountingCost InvoicePeriod OrderLineReference
            DocumentReference AllowanceCharge Item Price
            """),
        ["CreditNoteLine"] = Words(
            """
            ID Note CreditedQuantity LineExtensionAmount AccountingCost InvoicePeriod OrderLineReference
            DocumentReference AllowanceCharge Item Price
            """),
        ["LegalMonetaryTotal"] = Words(
            """
            LineExtensionAmount TaxExclusiveAmount TaxInclusiveAmount AllowanceTotalAmount ChargeTotalAmount
            PrepaidAmount PayableRoundingAmount PayableAmount
            """),
        ["TaxTotal"] = ["TaxAmount", "TaxSubtotal"],
        ["TaxSubtotal"] = ["TaxableAmount", "TaxAmount", "TaxCategory"],
        ["TaxCategory"] = ["ID", "Percent", "TaxExemptionReasonCode", "TaxExemptionReason", "TaxScheme"],
        ["ClassifiedTaxCategory"] = ["ID", "Percent", "TaxScheme"],
        ["AllowanceCharge"] = Words(
            """
            ChargeIndicator AllowanceChargeReasonCode AllowanceChargeReason MultiplierFactorNumeric Amount BaseAmount
            TaxCategory
            """),
        ["Party"] = Words(
            """
            EndpointID PartyIdentification PartyName PostalAddress PartyTaxScheme PartyLegalEntity Contact
            """),
        ["PostalAddress"] = Words(
            """
            StreetName AdditionalStreetName CityName PostalZone CountrySubentity AddressLine Country
            """),
        ["BillingReference"] = ["InvoiceDocumentReference"],
        ["InvoiceDocumentReference"] = ["ID", "IssueDate"],
        ["InvoicePeriod"] = ["StartDate", "EndDate"],
        ["Price"] = ["PriceAmount", "BaseQuantity", "AllowanceCharge"],
    };

    /// <summary>Whether every element that has a sequence here keeps to it.</summary>
    public static bool Holds(XElement root) => root.DescendantsAndSelf().All(IsInOrder);

    private static bool IsInOrder(XElement parent)
    {
        if (!Sequences.TryGetValue(parent.Name.LocalName, out var sequence)) return true;
        int[] places = [.. parent.Elements().Select(child => Array.IndexOf(sequence, child.Name.LocalName))];
        return places.All(place => place >= 0) && places.SequenceEqual(places.Order());
    }

    private static string[] Words(string text) =>
        text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
