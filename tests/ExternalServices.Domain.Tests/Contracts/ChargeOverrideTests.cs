using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Pricing;
using static ExternalServices.Domain.Tests.Days;
using static ExternalServices.Domain.Tests.TestContracts;

namespace ExternalServices.Domain.Tests.Contracts;

public sealed class ChargeOverrideTests
{
    private static readonly ContractCharge[] Plan = [Support, Storage];

    [Fact]
    public void What_is_agreed_replaces_the_plan_and_the_rest_stays()
    {
        var cheaper = new PerUnitCharge(0.019m);
        var discount = new PercentageDiscount("tenth", "A tenth off", 10m, From: Day("2026-01-01"));

        var charges = ChargeOverride.Agree(
            Plan,
            [
                new ChargeOverride { Charge = "storage-use", Model = cheaper, Discounts = [discount] },
                new ChargeOverride { Charge = "support-fee", AgreedQuantity = 3, Description = "Premium support" },
            ]).Value;

        Assert.Equal(["support-fee", "storage-use"], charges.Select(charge => charge.Code));
        Assert.Equal((3m, "Premium support"), (charges[0].AgreedQuantity, charges[0].Description));
        Assert.Equal(Support.Model, charges[0].Model);
        Assert.Equal((cheaper, "Storage"), (charges[1].Model, charges[1].Description));
        Assert.Equal([discount], charges[1].Discounts);
    }

    [Fact]
    public void Without_overrides_the_plan_is_agreed() => Assert.Equal(Plan, ChargeOverride.Agree(Plan, []).Value);

    [Fact]
    public void Every_bad_field_is_named()
    {
        var refusal = ChargeOverride.Agree(
            Plan,
            [
                new ChargeOverride { Charge = "compute-use" },
                new ChargeOverride { Charge = "support-fee", AgreedQuantity = -1 },
                new ChargeOverride { Charge = "support-fee", Model = new PerUnitCharge(-1m, 0m) },
                new ChargeOverride
                {
                    Charge = "storage-use",
                    AgreedQuantity = 2,
                    Discounts = [new AmountDiscount("a", "a", 0m, From: Day("2026-01-01"))],
                },
            ]).Refusal;

        Assert.Equal("overrides-unusable", refusal?.Code);
        Assert.Equal(
            [
                "/0/charge charge-not-found",
                "/1/agreedQuantity negative",
                "/2/charge override-twice",
                "/2/model metering-changed",
                "/2/model/unitPrice negative",
                "/2/model/baseQuantity not-positive",
                "/3/agreedQuantity quantity-of-metered",
                "/3/discounts/0/amount not-positive",
            ],
            refusal?.Fields?.Select(field => $"{field.Pointer} {field.Code}"));
    }
}
