using System.Text.Json;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Tax;

namespace ExternalServices.Domain.Tests.Billing;

public sealed class InvoiceCasesTests
{
    private static readonly Cases Invoices = new("invoices");

    public static TheoryData<string> Names => Invoices.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Totals_as_published(string name)
    {
        var expected = Invoices[name].GetProperty("expected");

        var totals = InvoiceTotals.Of(AmountsOf(Invoices[name].GetProperty("input"))).Value;

        Assert.Equal(expected.Numbers("lineNets"), totals.LineNets);
        Assert.Equal(expected.Numbers("discountShares"), totals.DiscountShares);
        Assert.Equal(expected.Number("lineTotal"), totals.LineTotal);
        Assert.Equal(expected.Number("allowanceTotal"), totals.AllowanceTotal);
        Assert.Equal(expected.Number("chargeTotal"), totals.ChargeTotal);
        Assert.Equal(expected.Number("netTotal"), totals.NetTotal);
        Assert.Equal(expected.Items("taxGroups").Select(GroupOf), totals.TaxGroups);
        Assert.Equal(expected.Number("taxTotal"), totals.TaxTotal);
        Assert.Equal(expected.Number("grossTotal"), totals.GrossTotal);
        Assert.Equal(expected.Number("prepaid"), totals.Prepaid);
        Assert.Equal(expected.Number("due"), totals.Due);
    }

    private static InvoiceAmounts AmountsOf(JsonElement input) =>
        new()
        {
            Currency = input.Currency(),
            Lines = [.. input.Items("lines").Select(LineOf)],
            Allowances = [.. input.Items("documentAllowances").Select(DocumentAmountOf)],
            Charges = [.. input.Items("documentCharges").Select(DocumentAmountOf)],
            SpreadDiscount = input.Number("spreadDiscount", 0),
            Prepaid = input.Number("prepaid", 0),
        };

    private static LineAmounts LineOf(JsonElement line) =>
        new()
        {
            Quantity = line.Number("quantity"),
            Price = line.Number("price"),
            BaseQuantity = line.Number("baseQuantity", 1),
            Allowances = line.Numbers("allowances"),
            Charges = line.Numbers("charges"),
            Category = CategoryOf(line),
            Rate = line.Number("rate"),
        };

    private static DocumentAmount DocumentAmountOf(JsonElement part) =>
        new(part.Number("amount"), CategoryOf(part), part.Number("rate"));

    private static TaxGroup GroupOf(JsonElement group) =>
        new(CategoryOf(group), group.Number("rate"), group.Number("base"), group.Number("tax"));

    private static TaxCategory CategoryOf(JsonElement element) => Enum.Parse<TaxCategory>(element.Text("category"));
}
