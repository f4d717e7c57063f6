using System.Text.Json.Serialization;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Pricing;

/// <summary>One priced part of a quantity: quantity × price ÷ base quantity, exactly.</summary>
/// <param name="Kind">Which rule priced it.</param>
/// <param name="Quantity">In the charge's unit; packages for packages, 1 for fees.</param>
/// <param name="Price">For so many units as the base quantity says; the rate in percent for percentages.</param>
/// <param name="BaseQuantity">Above zero; 100 for percentages.</param>
public sealed record RatingStep(RatingStepKind Kind, decimal Quantity, decimal Price, decimal BaseQuantity = 1)
{
    /// <summary>Lower bound of the tier, itself not in it; null where there are no tiers.</summary>
    public decimal? Above { get; init; }

    /// <summary>Upper bound of the tier, itself in it; null where there is none.</summary>
    public decimal? UpTo { get; init; }

    /// <summary>The unrounded amount.</summary>
    [JsonIgnore]
    public Rational Exact => Rational.From(Quantity) * Rational.From(Price) / Rational.From(BaseQuantity);
}

/// <summary>Which rule priced a part of a quantity.</summary>
public enum RatingStepKind
{
    /// <summary>A fee that does not depend on the quantity.</summary>
    FlatFee,

    /// <summary>Units at a unit price, of the whole quantity or of a tier.</summary>
    Units,

    /// <summary>Started packages at a price per package.</summary>
    Packages,

    /// <summary>A rate in percent of the quantity, which is an amount of money.</summary>
    Percentage,

    /// <summary>Transactions at a fixed fee each.</summary>
    TransactionFees,

    /// <summary>Transactions whose percentage was raised to the lower bound.</summary>
    TransactionMinimum,

    /// <summary>Transactions whose percentage was cut to the upper bound.</summary>
    TransactionMaximum,

    /// <summary>The share of a minimum commitment for the days served.</summary>
    Commitment,

    /// <summary>What was billed towards a minimum commitment, to be taken off.</summary>
    CountedTowardsCommitment,

    /// <summary>What the usage of a billed period costs as it is known now.</summary>
    RatedAgain,

    /// <summary>What was billed for the same, to be taken off.</summary>
    BilledBefore,

    /// <summary>A part that could not be taken off here and is taken off later.</summary>
    LeftForLater,
}
