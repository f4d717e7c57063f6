using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.RateCards;

/// <summary>What must hold of a rate card.</summary>
internal static class RateCardRules
{
    private const int MaxTiers = 100;
    private const int MaxPriceDecimals = 12;
    private const decimal PriceLimit = 1_000_000_000_000m;

    public static Refusal? Check(AddRateCard.Request card)
    {
        var fields = new Fields()
            .Check(
                "/validTo",
                card.ValidTo is not { } end || card.ValidFrom < end,
                "invalid-span",
                "It prices at least one month.")
            .Count("/tiers", card.Tiers.Count, MaxTiers);
        var lower = 0m;
        for (var i = 0; i < card.Tiers.Count && i < MaxTiers; i++)
        {
            var (tier, isLast) = (card.Tiers[i], i == card.Tiers.Count - 1);
            fields
                .Check(
                    $"/tiers/{i}/upTo",
                    isLast ? tier.UpTo is null : tier.UpTo > lower && Exact.IsInRange(tier.UpTo.Value),
                    "invalid-bound",
                    "Bounds ascend from above 0, below 10^13 with at most 15 decimals; only the last tier has none.")
                .Check($"/tiers/{i}/unitPrice", IsPrice(tier.UnitPrice), "invalid-price", PriceForm)
                .Check($"/tiers/{i}/flatFee", IsPrice(tier.FlatFee), "invalid-price", PriceForm);
            lower = tier.UpTo ?? lower;
        }

        return fields.Refusal;
    }

    private static bool IsPrice(decimal price) => price is >= 0 and < PriceLimit && price.Scale <= MaxPriceDecimals;

    private const string PriceForm = "A price is from 0 and below 10^12 with at most 12 decimals.";
}
