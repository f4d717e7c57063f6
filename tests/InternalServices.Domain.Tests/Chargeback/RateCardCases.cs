using System.Text.Json;
using InternalServices.Domain.Chargeback.Runs;

namespace InternalServices.Domain.Tests.Chargeback;

/// <summary>
/// The tier cases of <c>pricing.json</c>. A rate card has no charge at zero, and prices a month's quantity at once: the
/// cases of a later part are the difference of two quantities.
/// </summary>
public sealed class RateCardCases
{
    private static readonly Cases All = new("pricing");

    public static TheoryData<string> Names => All.Where(input =>
        input.Text("model") is "volume" or "graduated"
        && !(input.Number("quantity") == 0 && IsChargedAtZero(input.GetProperty("charge"))));

    [Fact]
    public void Few_cases_are_left_out() => Assert.Equal(33, Names.Count);

    [Theory]
    [MemberData(nameof(Names))]
    public void Gives_the_published_charge(string name)
    {
        var (input, expected) = (All[name].GetProperty("input"), All[name].GetProperty("expected"));
        var card = CardOf(input);
        var previous = input.Number("previousQuantity", 0);
        var charge = card.Charge(previous + input.Number("quantity")) - card.Charge(previous);

        Assert.Equal(expected.Exact("exact"), charge);
        Assert.Equal(expected.Number("amount"), charge.Round(input.Currency().Exponent));
    }

    private static RateCard CardOf(JsonElement input) => new(
        input.Text("model") == "volume" ? RateMode.Volume : RateMode.Graduated,
        [
            .. input.GetProperty("charge").Items("tiers").Select(tier => new RateTier(
                tier.OptionalNumber("upTo"), tier.Number("unitPrice", 0), tier.Number("flatFee", 0))),
        ]);

    private static bool IsChargedAtZero(JsonElement charge) =>
        charge.TryGetProperty("chargeAtZero", out var isCharged) && isCharged.GetBoolean();
}
