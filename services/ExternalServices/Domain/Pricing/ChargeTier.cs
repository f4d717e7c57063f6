using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Pricing;

/// <summary>One tier of a list; its lower bound is the upper bound of the tier before it, or 0.</summary>
/// <param name="UpTo">The upper bound, itself in the tier; null in the last tier where it has none.</param>
/// <param name="FlatFee">Due once, whatever part of the quantity is priced here.</param>
public abstract record ChargeTier(decimal? UpTo, decimal FlatFee)
{
    /// <summary>A part of the quantity at this tier's price.</summary>
    internal abstract RatingStep Part(decimal quantity);

    /// <summary>The price member, for checks.</summary>
    internal abstract (decimal Price, string Pointer) PriceMember { get; }
}

/// <summary>A tier with a price per unit.</summary>
/// <inheritdoc cref="ChargeTier"/>
public sealed record PriceTier(decimal? UpTo, decimal UnitPrice = 0, decimal FlatFee = 0) : ChargeTier(UpTo, FlatFee)
{
    internal override (decimal Price, string Pointer) PriceMember => (UnitPrice, "/unitPrice");

    internal override RatingStep Part(decimal quantity) => new(RatingStepKind.Units, quantity, UnitPrice);
}

/// <summary>A tier with a rate in percent of an amount of money.</summary>
/// <inheritdoc cref="ChargeTier"/>
public sealed record PercentageTier(decimal? UpTo, decimal Rate = 0, decimal FlatFee = 0) : ChargeTier(UpTo, FlatFee)
{
    internal override (decimal Price, string Pointer) PriceMember => (Rate, "/rate");

    internal override RatingStep Part(decimal quantity) => new(RatingStepKind.Percentage, quantity, Rate, 100);
}

/// <summary>
/// The walk through a list of tiers: (0, u1], (u1, u2], … Fractions are continuous, so that no part of a quantity falls
/// between two tiers.
/// </summary>
internal static class Tiers
{
    /// <summary>Every tier prices the part of the quantity in it; its fee is due above its lower bound.</summary>
    public static Outcome<IReadOnlyList<RatingStep>> Graduated(
        IReadOnlyList<ChargeTier> tiers, decimal quantity, bool chargeAtZero)
    {
        var steps = new List<RatingStep>();
        foreach (var (above, tier) in Reached(tiers, quantity, chargeAtZero))
        {
            steps.AddRange(Steps(above, tier, decimal.Min(quantity, tier.UpTo ?? quantity) - above));
        }

        return AboveLast(tiers, quantity) is { } refusal ? refusal : steps;
    }

    /// <summary>The tier that contains the quantity prices all of it.</summary>
    public static Outcome<IReadOnlyList<RatingStep>> Volume(
        IReadOnlyList<ChargeTier> tiers, decimal quantity, bool chargeAtZero)
    {
        var steps = new List<RatingStep>();
        foreach (var (above, tier) in Reached(tiers, quantity, chargeAtZero).TakeLast(1))
        {
            steps.AddRange(Steps(above, tier, quantity));
        }

        return AboveLast(tiers, quantity) is { } refusal ? refusal : steps;
    }

    /// <summary>What makes a list of tiers unusable.</summary>
    public static IEnumerable<FieldRefusal> Check(IReadOnlyList<ChargeTier> tiers)
    {
        if (tiers.Count == 0)
        {
            yield return new FieldRefusal("/tiers", "tiers-missing", "A price in tiers needs at least one.");
        }

        var above = 0m;
        for (var i = 0; i < tiers.Count; i++)
        {
            var pointer = $"/tiers/{i}";
            var (price, priceMember) = tiers[i].PriceMember;
            if (tiers[i].UpTo <= above)
            {
                yield return new FieldRefusal(
                    $"{pointer}/upTo", "tiers-not-ascending", $"{tiers[i].UpTo} is not above {above}.");
            }

            if (tiers[i].UpTo is null && i < tiers.Count - 1)
            {
                yield return new FieldRefusal(
                    $"{pointer}/upTo", "tier-after-last", "Only the last tier may be without an upper bound.");
            }

            foreach (var negative in ChargeModel.NotNegative(price, pointer + priceMember)
                .Concat(ChargeModel.NotNegative(tiers[i].FlatFee, $"{pointer}/flatFee")))
            {
                yield return negative;
            }

            above = tiers[i].UpTo ?? above;
        }
    }

    private static IEnumerable<(decimal Above, ChargeTier Tier)> Reached(
        IReadOnlyList<ChargeTier> tiers, decimal quantity, bool chargeAtZero)
    {
        var above = 0m;
        var reachesZero = quantity == 0 && chargeAtZero;
        foreach (var tier in tiers.TakeWhile(_ => quantity > above || (reachesZero && above == 0)))
        {
            yield return (above, tier);
            above = tier.UpTo ?? quantity;
        }
    }

    private static IEnumerable<RatingStep> Steps(decimal above, ChargeTier tier, decimal quantity)
    {
        if (tier.FlatFee != 0)
        {
            yield return new RatingStep(RatingStepKind.FlatFee, 1, tier.FlatFee) { Above = above, UpTo = tier.UpTo };
        }

        if (quantity != 0)
        {
            yield return tier.Part(quantity) with { Above = above, UpTo = tier.UpTo };
        }
    }

    private static Refusal? AboveLast(IReadOnlyList<ChargeTier> tiers, decimal quantity) =>
        tiers[^1].UpTo < quantity
            ? Refusal.Rejected(
                "above-last-tier", $"The quantity {quantity} is above the last tier, {tiers[^1].UpTo}.", "/quantity")
            : null;
}
