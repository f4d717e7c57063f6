using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>Prices of a service for departments.</summary>
/// <param name="Mode">Which tiers price a quantity.</param>
/// <param name="Tiers">By ascending upper bound; only the last has none.</param>
public sealed record RateCard(RateMode Mode, IReadOnlyList<RateTier> Tiers)
{
    /// <summary>The same price for any quantity.</summary>
    public static RateCard PerUnit(decimal unitPrice) => new(RateMode.Volume, [new RateTier(null, unitPrice)]);

    /// <summary>
    /// The unrounded charge. Volume: the tier that contains the quantity prices all of it. Graduated: each tier prices
    /// the part that lies in it. A tier is (lower, upper]; its flat fee is due where it prices anything.
    /// </summary>
    /// <param name="quantity">Not negative, in the service's unit.</param>
    public Rational Charge(decimal quantity)
    {
        var charge = Rational.Zero;
        var lower = 0m;
        foreach (var tier in Tiers.TakeWhile(_ => quantity > lower))
        {
            var upper = decimal.Min(tier.UpTo ?? quantity, quantity);
            var priced = Mode == RateMode.Volume ? quantity : upper - lower;
            var price = Rational.From(priced) * Rational.From(tier.UnitPrice) + Rational.From(tier.FlatFee);
            charge = Mode == RateMode.Volume ? price : charge + price;
            lower = upper;
        }

        return charge;
    }

    /// <summary>
    /// Whether the bounds ascend from above zero, only the last is open, and prices are not negative, below 10^13 and
    /// of at most fifteen decimals.
    /// </summary>
    internal bool IsSound() =>
        Tiers.Count > 0
        && Tiers[^1].UpTo is null
        && Tiers.SkipLast(1).All(tier => tier.UpTo is not null)
        && Tiers.SkipLast(1).Select(tier => tier.UpTo!.Value).Prepend(0).Zip(Tiers.SkipLast(1))
            .All(pair => pair.First < pair.Second.UpTo)
        && Tiers.SelectMany(tier => new[] { tier.UnitPrice, tier.FlatFee, tier.UpTo ?? 0 })
            .All(value => value >= 0 && ExactAmount.TryUnits(value, out _));
}

/// <summary>Prices quantities up to a bound, which belongs to the tier.</summary>
/// <param name="UpTo">Null for the last tier.</param>
/// <param name="UnitPrice">Per unit, not rounded.</param>
/// <param name="FlatFee">Once, where the tier prices anything.</param>
public sealed record RateTier(decimal? UpTo, decimal UnitPrice, decimal FlatFee = 0);

public enum RateMode
{
    /// <summary>One tier, picked by the whole quantity.</summary>
    Volume,

    /// <summary>Every tier for the part of the quantity that lies in it.</summary>
    Graduated,
}

/// <summary>How a pool's cost is recovered by prices.</summary>
/// <param name="Card">The prices; departments pay them for their own use, rounded to the minor unit.</param>
/// <param name="Difference">Where actual cost less all charges goes.</param>
/// <param name="Owner">The service's owner, who bears the difference unless it is trued up.</param>
public sealed record RateCardCharging(RateCard Card, DifferencePolicy Difference, string Owner);

/// <summary>What happens to actual cost less charges. Nothing leaks: charges and difference sum to the cost.</summary>
public enum DifferencePolicy
{
    /// <summary>Charged or credited to the consumers by the shares of the method, in the same month.</summary>
    TrueUp,

    /// <summary>A balance line of the owner, to be settled by later rates.</summary>
    CarryForward,

    /// <summary>Borne by the owner.</summary>
    Absorb,
}
