using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Pricing;

/// <summary>
/// Every tier prices the part of the quantity that lies in it, and its flat fee is due as soon as the quantity is above
/// the lower bound of the tier.
/// </summary>
/// <param name="Tiers">With ascending bounds, (0, u1], (u1, u2], …</param>
/// <param name="ChargeAtZero">Whether quantity zero owes the flat fee of the first tier.</param>
public sealed record GraduatedCharge(IReadOnlyList<PriceTier> Tiers, bool ChargeAtZero = false) : ChargeModel
{
    internal override Outcome<IReadOnlyList<RatingStep>> StepsFor(MeteredUsage usage) =>
        Pricing.Tiers.Graduated(Tiers, usage.Quantity, ChargeAtZero);

    /// <inheritdoc/>
    public override IEnumerable<FieldRefusal> Check() => Pricing.Tiers.Check(Tiers);

    public bool Equals(GraduatedCharge? other) =>
        other is not null && ChargeAtZero == other.ChargeAtZero && Tiers.SequenceEqual(other.Tiers);

    public override int GetHashCode() => HashCode.Combine(ChargeAtZero, Tiers.Count);
}

/// <summary>Graduated, with a rate in percent of an amount of money instead of a unit price.</summary>
/// <inheritdoc cref="GraduatedCharge"/>
public sealed record GraduatedPercentageCharge(IReadOnlyList<PercentageTier> Tiers, bool ChargeAtZero = false)
    : ChargeModel
{
    internal override Outcome<IReadOnlyList<RatingStep>> StepsFor(MeteredUsage usage) =>
        Pricing.Tiers.Graduated(Tiers, usage.Quantity, ChargeAtZero);

    /// <inheritdoc/>
    public override IEnumerable<FieldRefusal> Check() => Pricing.Tiers.Check(Tiers);

    public bool Equals(GraduatedPercentageCharge? other) =>
        other is not null && ChargeAtZero == other.ChargeAtZero && Tiers.SequenceEqual(other.Tiers);

    public override int GetHashCode() => HashCode.Combine(ChargeAtZero, Tiers.Count);
}

/// <summary>The tier that contains the total quantity prices all of it and adds its flat fee.</summary>
/// <inheritdoc cref="GraduatedCharge"/>
public sealed record VolumeCharge(IReadOnlyList<PriceTier> Tiers, bool ChargeAtZero = false) : ChargeModel
{
    internal override Outcome<IReadOnlyList<RatingStep>> StepsFor(MeteredUsage usage) =>
        Pricing.Tiers.Volume(Tiers, usage.Quantity, ChargeAtZero);

    /// <inheritdoc/>
    public override IEnumerable<FieldRefusal> Check() => Pricing.Tiers.Check(Tiers);

    public bool Equals(VolumeCharge? other) =>
        other is not null && ChargeAtZero == other.ChargeAtZero && Tiers.SequenceEqual(other.Tiers);

    public override int GetHashCode() => HashCode.Combine(ChargeAtZero, Tiers.Count);
}
