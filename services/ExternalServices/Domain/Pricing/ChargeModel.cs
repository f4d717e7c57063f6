using System.Text.Json.Serialization;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Pricing;

/// <summary>
/// How a quantity becomes an amount. The hierarchy is closed: every model says by itself which priced parts a quantity
/// consists of, so that rating, explanation and recomputation are the same for all of them.
/// </summary>
/// <remarks>The discriminators are the names under which plan versions are written and stored.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "model")]
[JsonDerivedType(typeof(FlatCharge), "flat")]
[JsonDerivedType(typeof(PerUnitCharge), "perUnit")]
[JsonDerivedType(typeof(GraduatedCharge), "graduated")]
[JsonDerivedType(typeof(VolumeCharge), "volume")]
[JsonDerivedType(typeof(PackageCharge), "package")]
[JsonDerivedType(typeof(PercentageCharge), "percentage")]
[JsonDerivedType(typeof(GraduatedPercentageCharge), "graduatedPercentage")]
public abstract record ChargeModel
{
    private protected ChargeModel()
    {
    }

    /// <summary>Whether the amount depends on metered usage, or stands by agreement alone.</summary>
    [JsonIgnore]
    public virtual bool IsMetered => true;

    /// <summary>The priced parts of a quantity that is not negative; their sum, unrounded, is the amount.</summary>
    internal abstract Outcome<IReadOnlyList<RatingStep>> StepsFor(MeteredUsage usage);

    /// <summary>
    /// What makes the model unusable, with pointers relative to it: <c>negative</c>, <c>not-positive</c>,
    /// <c>tiers-missing</c>, <c>tiers-not-ascending</c>, <c>tier-after-last</c>, <c>bounds-crossed</c>,
    /// <c>bounds-with-free</c>. Empty when it can be published.
    /// </summary>
    public abstract IEnumerable<FieldRefusal> Check();

    internal static IEnumerable<FieldRefusal> NotNegative(decimal value, string pointer)
    {
        if (value < 0)
        {
            yield return new FieldRefusal(pointer, "negative", $"{value} is negative.");
        }
    }

    internal static IEnumerable<FieldRefusal> Positive(decimal value, string pointer)
    {
        if (value <= 0)
        {
            yield return new FieldRefusal(pointer, "not-positive", $"{value} is not above zero.");
        }
    }
}
