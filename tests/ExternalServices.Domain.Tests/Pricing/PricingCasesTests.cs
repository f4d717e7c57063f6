using System.Text.Json;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Pricing;

namespace ExternalServices.Domain.Tests.Pricing;

public sealed class PricingCasesTests
{
    private const string Commitment = "minimumCommitment";

    private static readonly Cases Pricing = new("pricing");

    public static TheoryData<string> ChargeNames => Pricing.Where(input => input.Text("model") != Commitment);

    public static TheoryData<string> CommitmentNames => Pricing.Where(input => input.Text("model") == Commitment);

    [Theory]
    [MemberData(nameof(ChargeNames))]
    public void Rates_as_published(string name)
    {
        var input = Pricing[name].GetProperty("input");
        var expected = Pricing[name].GetProperty("expected");
        var model = ModelOf(input);

        var rated = input.TryGetProperty("previousQuantity", out var previous)
            ? Rating.RateGrowth(
                model,
                new MeteredUsage(previous.AsNumber()),
                new MeteredUsage(previous.AsNumber() + input.Number("quantity")),
                input.Currency())
            : Rating.Rate(model, UsageOf(input), input.Currency());

        Assert.Empty(model.Check());
        Assert.Equal(expected.Exact("exact"), rated.Value.Exact);
        Assert.Equal(expected.Number("amount"), rated.Value.Amount);
    }

    [Theory]
    [MemberData(nameof(CommitmentNames))]
    public void Trues_up_as_published(string name)
    {
        var input = Pricing[name].GetProperty("input");
        var expected = Pricing[name].GetProperty("expected");
        var charge = input.GetProperty("charge");
        var commitment = new MinimumCommitment
        {
            Code = "minimum",
            Service = "support",
            Description = "Minimum",
            Amount = charge.Number("commitment"),
        };
        var (days, periodDays) = (charge.GetProperty("days").GetInt32(), charge.GetProperty("periodDays").GetInt32());

        Assert.Equal(expected.Number("commitmentShare"), commitment.ShareOf(days, periodDays, input.Currency()));
        Assert.Equal(
            expected.Number("trueUp"),
            commitment.TrueUp(days, periodDays, charge.Numbers("billed").Sum(), input.Currency()));
    }

    private static MeteredUsage UsageOf(JsonElement input)
    {
        var charge = input.GetProperty("charge");
        return new MeteredUsage(input.Number("quantity"))
        {
            PaidTransactions = charge.TryGetProperty("paidTransactions", out var paid) ? paid.GetInt32() : 0,
            Transactions = charge.Numbers("transactions"),
        };
    }

    private static ChargeModel ModelOf(JsonElement input)
    {
        var charge = input.GetProperty("charge");
        var chargeAtZero = charge.TryGetProperty("chargeAtZero", out var at) && at.GetBoolean();
        return input.Text("model") switch
        {
            "flat" => new FlatCharge(charge.Number("amount")),
            "perUnit" => new PerUnitCharge(charge.Number("unitPrice"), charge.Number("baseQuantity", 1)),
            "graduated" => new GraduatedCharge([.. charge.Items("tiers").Select(PriceTierOf)], chargeAtZero),
            "volume" => new VolumeCharge([.. charge.Items("tiers").Select(PriceTierOf)], chargeAtZero),
            "graduatedPercentage" =>
                new GraduatedPercentageCharge([.. charge.Items("tiers").Select(PercentageTierOf)], chargeAtZero),
            "package" => new PackageCharge(charge.Number("price"), charge.Number("size"), charge.Number("free", 0)),
            "percentage" => new PercentageCharge(
                charge.Number("rate"),
                charge.Number("free", 0),
                charge.Number("fixed", 0),
                charge.OptionalNumber("perTransactionMin"),
                charge.OptionalNumber("perTransactionMax")),
            var model => throw new NotSupportedException(model),
        };
    }

    private static PriceTier PriceTierOf(JsonElement tier) =>
        new(tier.OptionalNumber("upTo"), tier.Number("unitPrice", 0), tier.Number("flatFee", 0));

    private static PercentageTier PercentageTierOf(JsonElement tier) =>
        new(tier.OptionalNumber("upTo"), tier.Number("rate", 0), tier.Number("flatFee", 0));
}
