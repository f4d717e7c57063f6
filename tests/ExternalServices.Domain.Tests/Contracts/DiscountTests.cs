using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Pricing;
using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;
using static ExternalServices.Domain.Tests.Days;
using static ExternalServices.Domain.Tests.TestContracts;

namespace ExternalServices.Domain.Tests.Contracts;

public sealed class DiscountTests
{
    private static readonly PercentageDiscount Tenth = new("tenth", "A tenth off", 10m, From: Day("2026-01-01"));
    private static readonly AmountDiscount Fifty = new("fifty", "Fifty off", 50m, From: Day("2026-01-01"));

    [Fact]
    public void Discounts_are_allowances_of_the_line_each_from_the_whole_amount()
    {
        var line = LineOf(new PerUnitCharge(1m), 123.45m, Fifty, Tenth);

        Assert.Equal(
            [new LineAllowance("fifty", "Fifty off", 50.00m), new LineAllowance("tenth", "A tenth off", 12.35m)],
            line.Allowances);
        Assert.Equal(61.10m, line.Net);
        Assert.Equal(line.Net, line.Amounts.Net(Euro));
        Assert.Equal(123.45m, line.Explanation.Rounded);
    }

    [Fact]
    public void Discounts_never_take_more_than_there_is()
    {
        var line = LineOf(new PerUnitCharge(1m), 52m, Tenth, Fifty, Tenth);

        Assert.Equal([5.20m, 46.80m], line.Allowances.Select(allowance => allowance.Amount));
        Assert.Equal(0m, line.Net);
    }

    [Fact]
    public void An_amount_off_is_prorated_with_its_period()
    {
        var contract = Contract("2026-11-15", charges: [Support with { Discounts = [Fifty] }]) with
        {
            Cycle = new BillingCycle(Day("2026-11-15"), Anchor: Day("2026-11-01")),
        };

        var due = DueCharge.In(new Period(2026, 11), contract).Single();

        Assert.Equal(26.67m, due.AllowancesOn(165.33m, Euro).Single().Amount);
    }

    [Theory]
    [InlineData("2026-11-01", null, true)]
    [InlineData("2026-11-02", null, false)]
    [InlineData("2026-01-01", "2026-11-01", false)]
    [InlineData("2026-01-01", "2026-11-02", true)]
    public void A_discount_covers_the_periods_that_begin_while_it_holds(string from, string? to, bool isCovered)
    {
        var discount = Tenth with { From = Day(from), To = to is null ? null : Day(to) };

        Assert.Equal(isCovered, LineOf(new PerUnitCharge(1m), 100m, discount).Net == 90m);
    }

    [Fact]
    public void Unusable_discounts_are_named()
    {
        Assert.Equal(["/to"], (Tenth with { To = Tenth.From }).Check().Select(field => field.Pointer));
        Assert.Equal(["/percent"], (Tenth with { Percent = 100.01m }).Check().Select(field => field.Pointer));
        Assert.Equal(["/percent"], (Tenth with { Percent = 0m }).Check().Select(field => field.Pointer));
        Assert.Equal(["/amount"], (Fifty with { Amount = 0m }).Check().Select(field => field.Pointer));
        Assert.Empty((Tenth with { Percent = 100m, To = Day("2026-01-02") }).Check());
    }

    private static InvoiceLine LineOf(ChargeModel model, decimal used, params Discount[] discounts)
    {
        var charge = Storage with { Model = model, Discounts = discounts };
        var due = DueCharge.In(new Period(2026, 11), Contract("2026-01-01", charges: [charge])).Single();
        var metered = due with { Usage = new MeteredUsage(used) };
        return InvoiceDraft.Of(Euro, [metered], new TaxTreatment(TaxCategory.S, 21)).Value.Lines.Single();
    }
}
