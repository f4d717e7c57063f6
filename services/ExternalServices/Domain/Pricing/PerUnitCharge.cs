using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Pricing;

/// <summary>max(0, quantity − free) × unit price ÷ base quantity.</summary>
/// <param name="UnitPrice">For so many units as the base quantity says; prices are never rounded.</param>
/// <param name="BaseQuantity">Units that the price is for, for example 1000 (EN 16931, BT-149).</param>
/// <param name="Free">Units of each billing period that cost nothing.</param>
public sealed record PerUnitCharge(decimal UnitPrice, decimal BaseQuantity = 1, decimal Free = 0) : ChargeModel
{
    internal override Outcome<IReadOnlyList<RatingStep>> StepsFor(MeteredUsage usage)
    {
        var paid = decimal.Max(0, usage.Quantity - Free);
        return new[] { new RatingStep(RatingStepKind.Units, paid, UnitPrice, BaseQuantity) };
    }

    /// <inheritdoc/>
    public override IEnumerable<FieldRefusal> Check() =>
    [
        .. NotNegative(UnitPrice, "/unitPrice"),
        .. Positive(BaseQuantity, "/baseQuantity"),
        .. NotNegative(Free, "/free"),
    ];
}
