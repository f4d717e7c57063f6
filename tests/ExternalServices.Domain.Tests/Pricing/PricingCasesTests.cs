using System.Text.Json;
using ExternalServices.Domain.Pricing;

namespace ExternalServices.Domain.Tests.Pricing;

public sealed class PricingCasesTests
{
    private static readonly Cases Pricing = new("pricing");

    public static TheoryData<string> Names => Pricing.Where(input => input.Text("model") is "flat" or "perUnit");

    [Theory]
    [MemberData(nameof(Names))]
    public void Rates_as_published(string name)
    {
        var input = Pricing[name].GetProperty("input");
        var expected = Pricing[name].GetProperty("expected");

        var rated = Rating.Rate(ModelOf(input), input.Number("quantity"), input.Currency()).Value;

        Assert.Equal(expected.Exact("exact"), rated.Exact);
        Assert.Equal(expected.Number("amount"), rated.Amount);
    }

    private static ChargeModel ModelOf(JsonElement input)
    {
        var charge = input.GetProperty("charge");
        return input.Text("model") switch
        {
            "flat" => new FlatCharge(charge.Number("amount")),
            "perUnit" => new PerUnitCharge(charge.Number("unitPrice"), charge.Number("baseQuantity", 1)),
            var model => throw new NotSupportedException(model),
        };
    }
}
