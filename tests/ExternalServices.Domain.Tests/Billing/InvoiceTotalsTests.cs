using CsCheck;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Tax;
using static ExternalServices.Domain.Tests.TestContracts;

namespace ExternalServices.Domain.Tests.Billing;

public sealed class InvoiceTotalsTests
{
    private static readonly Gen<LineAmounts> AnyLine =
        from quantity in Gen.Int[-1_000, 1_000]
        from price in Gen.Int[0, 100_000]
        from rate in Gen.OneOf(0m, 4m, 10m, 21m)
        select new LineAmounts
        {
            Quantity = quantity / 8m,
            Price = price / 1_000m,
            Category = rate == 0 ? TaxCategory.Z : TaxCategory.S,
            Rate = rate,
        };

    [Fact]
    public void Totals_are_the_sums_of_their_rounded_parts() =>
        AnyLine.List[1, 30].Sample(lines =>
        {
            var totals = InvoiceTotals.Of(new InvoiceAmounts { Currency = Euro, Lines = lines }).Value;

            Assert.Equal(totals.LineNets.Sum(), totals.NetTotal);
            Assert.Equal(totals.NetTotal, totals.TaxGroups.Sum(group => group.Base));
            Assert.Equal(totals.TaxTotal, totals.TaxGroups.Sum(group => group.Tax));
            Assert.Equal(totals.GrossTotal, totals.NetTotal + totals.TaxTotal);
            Assert.All(
                totals.LineNets.Concat(totals.TaxGroups.Select(group => group.Tax)),
                amount => Assert.True(Euro.IsWhole(amount)));
        });

    [Fact]
    public void A_discount_over_a_negative_line_is_refused()
    {
        var refusal = InvoiceTotals.Of(Discounted(10m, 50m, -1m)).Refusal;

        Assert.Equal(("negative-weight", "/1"), (refusal?.Code, refusal?.Pointer));
    }

    [Theory]
    [InlineData("10", "0", "weights-zero")]
    [InlineData("10.005", "50", "amount-precision")]
    public void A_discount_that_cannot_be_spread_is_refused(string discount, string price, string code) =>
        Assert.Equal(code, InvoiceTotals.Of(Discounted(Number(discount), Number(price))).Refusal?.Code);

    private static InvoiceAmounts Discounted(decimal discount, params decimal[] prices) =>
        new()
        {
            Currency = Euro,
            SpreadDiscount = discount,
            Lines =
            [
                .. prices.Select(price =>
                    new LineAmounts { Quantity = 1, Price = price, Category = TaxCategory.S, Rate = 21 }),
            ],
        };
}
