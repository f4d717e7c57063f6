using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Pricing;
using static ExternalServices.Domain.Tests.Days;
using static ExternalServices.Domain.Tests.TestContracts;

namespace ExternalServices.Domain.Tests.Contracts;

public sealed class ChangePreviewTests
{
    private static readonly ContractCharge Network = Support with
    {
        Code = "network-fee",
        Service = "connectivity",
        Model = new FlatCharge(60m),
    };

    [Fact]
    public void Added_dropped_and_changed_fees_are_credited_and_charged_by_the_days_left()
    {
        var contract = Contract("2024-01-01", charges: [Support, Storage]);
        var upgraded = Support with { Model = new FlatCharge(620m), AgreedQuantity = 2 };

        var preview = ChangePreview.Of(contract, [upgraded, Network, Storage], Day("2024-03-15")).Value;

        Assert.Equal(Range("2024-03-15", "2024-04-01"), preview.Remaining);
        Assert.Equal(
            [
                new ChangedFee("network-fee", null, new AgreedPrice(60m), new ChangeAmounts(0m, 32.90m)),
                new ChangedFee(
                    "support-fee",
                    new AgreedPrice(310m),
                    new AgreedPrice(620m, 2),
                    new ChangeAmounts(-170.00m, 680.00m)),
            ],
            preview.Fees);
        Assert.Equal((-170.00m, 712.90m, 542.90m), (preview.Credit, preview.Charge, preview.Net));
    }

    [Fact]
    public void What_was_discounted_is_not_credited()
    {
        var discounted = Support with
        {
            Discounts =
            [
                new PercentageDiscount("tenth", "A tenth off", 10m, From: Day("2024-01-01")),
                new AmountDiscount("some", "Some off", 31m, From: Day("2024-03-01")),
                new AmountDiscount("later", "Later off", 31m, From: Day("2024-03-15")),
            ],
        };

        var preview = ChangePreview.Of(Contract("2024-01-01", charges: [discounted]), [], Day("2024-03-31")).Value;

        Assert.Equal(new AgreedPrice(310m, 1, Off: 62m), preview.Fees.Single().Old);
        Assert.Equal(-8.00m, preview.Credit);
    }

    [Fact]
    public void A_cancellation_credits_the_rest_of_the_fees()
    {
        var preview = ChangePreview.Of(Contract("2024-01-01"), [], Day("2024-03-31")).Value;

        Assert.Equal((-10.00m, 0m), (preview.Credit, preview.Charge));
    }

    [Fact]
    public void Usage_and_fees_in_arrears_move_no_money_at_once()
    {
        var arrears = Network with { Model = new FlatCharge(60m, BillingTiming.InArrears) };
        var dearer = Storage with { Model = new PerUnitCharge(9m) };

        var preview = ChangePreview.Of(Contract("2024-01-01"), [Support, dearer, arrears], Day("2024-03-15")).Value;

        Assert.Empty(preview.Fees);
        Assert.Equal(0m, preview.Net);
    }

    [Fact]
    public void The_method_of_proration_is_agreed()
    {
        var contract = Contract("2024-01-01", charges: [Support]);
        var day = Day("2024-03-31");

        Assert.Equal(-10.00m, ChangePreview.Of(contract, [], day).Value.Credit);
        Assert.Equal(-9.60m, ChangePreview.Of(contract, [], day, ProrationMethod.Second).Value.Credit);
        Assert.Equal(-310.00m, ChangePreview.Of(contract, [], day, ProrationMethod.None).Value.Credit);
    }

    [Fact]
    public void A_day_outside_the_contract_is_refused() =>
        Assert.Equal(
            "outside-contract",
            ChangePreview.Of(Contract("2024-01-01", end: "2024-03-01"), [], Day("2024-03-01")).Refusal?.Code);
}
