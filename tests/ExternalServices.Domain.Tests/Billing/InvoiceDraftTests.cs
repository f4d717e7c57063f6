using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Pricing;
using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;
using static ExternalServices.Domain.Tests.Days;
using static ExternalServices.Domain.Tests.TestContracts;

namespace ExternalServices.Domain.Tests.Billing;

public sealed class InvoiceDraftTests
{
    private static readonly Period November = new(2026, 11);
    private static readonly TaxTreatment Standard = new(TaxCategory.S, 21);

    [Fact]
    public void A_month_is_billed_with_its_fee_and_its_usage()
    {
        var due = DueCharge.In(November, Contract("2026-01-01")).ToList();
        due[1] = due[1] with { Usage = new MeteredUsage(1234.5m) };

        var draft = InvoiceDraft.Of(Euro, due, Standard).Value;

        Assert.Equal([310.00m, 28.39m], draft.Lines.Select(line => line.Net));
        Assert.Equal(draft.Lines.Select(line => line.Net), draft.Totals.LineNets);
        var totals = draft.Totals;
        Assert.Equal((338.39m, 71.06m, 409.45m), (totals.NetTotal, totals.TaxTotal, totals.GrossTotal));
        var storage = draft.Lines[1];
        Assert.Equal((2, "C-1"), (storage.Number, storage.Contract));
        Assert.Equal(("storage-use", "storage"), (storage.Charge, storage.Service));
        Assert.Equal((1234.5m, "GB-month", 0.023m), (storage.Amounts.Quantity, storage.Unit, storage.Amounts.Price));
        Assert.Equal(Range("2026-11-01", "2026-12-01"), storage.ServicePeriod);
        Assert.Equal("56787/2000", storage.Explanation.Exact);
        Assert.Equal(1234.5m, storage.Explanation.MeteredQuantity);
        Assert.True(storage.Explanation.Recomputes(Euro));
    }

    [Fact]
    public void A_changed_explanation_no_longer_recomputes()
    {
        var explanation = InvoiceDraft.Of(Euro, [.. DueCharge.In(November, Contract("2026-01-01"))], Standard)
            .Value.Lines[0].Explanation;

        Assert.True(explanation.Recomputes(Euro));
        Assert.False((explanation with { Rounded = 310.01m }).Recomputes(Euro));
        Assert.False((explanation with { Steps = [explanation.Steps[0] with { Price = 310.001m }] }).Recomputes(Euro));
    }

    [Fact]
    public void The_usage_of_a_month_lasts_from_midnight_to_midnight_of_the_customer()
    {
        var due = DueCharge.In(new Period(2026, 10), Contract("2026-01-01", charges: [Storage])).Single();

        Assert.Equal(new InstantRange(Utc("2026-09-30T22:00Z"), Utc("2026-10-31T23:00Z")), due.UsageIn);
    }

    [Fact]
    public void A_fee_for_a_part_of_its_period_is_billed_by_days()
    {
        var contract = Contract("2026-11-15", charges: [Support with { AgreedQuantity = 2 }]) with
        {
            Cycle = new BillingCycle(Day("2026-11-15"), Anchor: Day("2026-11-01")),
        };

        var line = InvoiceDraft.Of(Euro, [.. DueCharge.In(November, contract)], Standard).Value.Lines.Single();

        Assert.Equal(330.67m, line.Net);
        Assert.Equal((32m, "day"), (line.Amounts.Quantity, line.Unit));
        Assert.Equal((310m, 30m), (line.Amounts.Price, line.Amounts.BaseQuantity));
        Assert.Equal((16, 30), (line.Explanation.DaysServed, line.Explanation.DaysOfPeriod));
        Assert.Equal(line.Net, line.Amounts.Net(Euro));
    }

    public static TheoryData<ChargeModel, decimal, decimal, string> Lines => new()
    {
        { new PerUnitCharge(0.5m), 25m, 0.5m, "GB-month" },
        { new PackageCharge(2m, Size: 10m), 3m, 2m, "package" },
        { new PercentageCharge(3m), 25m, 3m, "GB-month" },
        { new GraduatedCharge([new PriceTier(null, 0.5m)]), 25m, 0.5m, "GB-month" },
        { new GraduatedCharge([new PriceTier(10, 1m), new PriceTier(null, 0.5m)]), 1m, 17.5m, "one" },
        { new VolumeCharge([new PriceTier(null, FlatFee: 7m)]), 1m, 7m, "one" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_line_states_what_its_price_is_for(ChargeModel model, decimal quantity, decimal price, string unit)
    {
        var due = DueCharge.In(November, Contract("2026-01-01", charges: [Storage with { Model = model }])).Single();

        var line = InvoiceDraft.Of(Euro, [due with { Usage = new MeteredUsage(25m) }], Standard).Value.Lines.Single();

        Assert.Equal((quantity, price, unit), (line.Amounts.Quantity, line.Amounts.Price, line.Unit));
        Assert.Equal(line.Net, line.Amounts.Net(Euro));
    }

    [Fact]
    public void Advance_fees_are_due_when_their_period_begins_and_arrears_when_it_is_over()
    {
        var arrears = Support with { Code = "arrears", Model = new FlatCharge(100m, BillingTiming.InArrears) };
        var contract = Contract("2026-10-15", end: "2026-11-20", charges: [Support, arrears, Storage]);

        var due = DueCharge.In(November, contract).Select(charge => $"{charge.Charge.Code} {charge.Period.Served}");

        Assert.Equal(
            [
                "support-fee [2026-11-15, 2026-11-20)",
                "arrears [2026-10-15, 2026-11-15)",
                "arrears [2026-11-15, 2026-11-20)",
                "storage-use [2026-10-15, 2026-11-15)",
                "storage-use [2026-11-15, 2026-11-20)",
            ],
            due);
    }

    [Fact]
    public void Every_charge_of_every_period_is_due_in_exactly_one_month()
    {
        var arrears = Support with { Code = "arrears", Model = new FlatCharge(100m, BillingTiming.InArrears) };
        var contract = Contract("2024-01-31", end: "2026-03-12", charges: [Support, arrears]);
        var months = Enumerable.Range(0, 36).Select(i => Period.Of(Day("2023-12-01").AddMonths(i)));
        var periods = contract.Cycle.Overlapping(Range("2023-01-01", "2027-01-01"))
            .Select(period => period.Served)
            .ToList();

        var due = months.SelectMany(month => DueCharge.In(month, contract))
            .ToLookup(charge => charge.Charge.Code, charge => charge.Period.Served);

        Assert.Equal(26, periods.Count);
        Assert.Equal(periods, due["support-fee"]);
        Assert.Equal(periods, due["arrears"]);
    }

    [Fact]
    public void What_comes_late_is_taxed_by_the_class_of_its_charge()
    {
        var contract = Contract("2026-01-01", charges: [Support, Storage with { TaxClass = TaxClass.Reduced }]);
        var due = DueCharge.In(November, contract).ToList();
        var late = new LateCharge
        {
            Due = due[1] with { Usage = new MeteredUsage(1234.5m) },
            Number = 1,
            Billed = 10.00m,
        };
        var facts = new TaxFacts { SellerCountry = "ES", BuyerCountry = "ES", TaxPoint = Day("2026-11-30") };
        TaxRate[] rates =
        [
            new("ES", TaxCategory.S, 21, Day("2012-09-01")),
            new("ES", TaxCategory.S, 10, Day("2012-09-01"), Class: TaxClass.Reduced),
        ];
        var tax = TaxTreatments.Determine(facts, rates, [TaxClass.Standard, TaxClass.Reduced]).Value;

        var draft = InvoiceDraft.Of(Euro, [due[0]], tax, lateCharges: [late]).Value;

        Assert.Equal([(21m, 310.00m), (10m, 18.39m)], draft.Lines.Select(line => (line.Tax.Rate, line.Net)));
        Assert.Equal(
            [(10m, 18.39m, 1.84m), (21m, 310.00m, 65.10m)],
            draft.Totals.TaxGroups.Select(group => (group.Rate, group.Base, group.Tax)));
        Assert.Equal(10m, draft.TreatmentOf(draft.Totals.TaxGroups[0]).Rate);
    }

    [Fact]
    public void A_charge_that_cannot_be_rated_is_named_by_its_index()
    {
        var due = DueCharge.In(November, Contract("2026-01-01")).ToList();
        due[1] = due[1] with { Usage = new MeteredUsage(-1m) };

        var refusal = InvoiceDraft.Of(Euro, due, Standard).Refusal;

        Assert.Equal(("quantity-negative", "/1/quantity"), (refusal?.Code, refusal?.Pointer));
    }
}
