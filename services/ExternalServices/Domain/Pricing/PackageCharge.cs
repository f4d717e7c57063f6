using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Pricing;

/// <summary>⌈max(0, quantity − free) ÷ size⌉ × price: a started package is a whole one.</summary>
/// <param name="Price">Per package.</param>
/// <param name="Size">Units in a package, above zero.</param>
/// <param name="Free">Units of each billing period that cost nothing.</param>
public sealed record PackageCharge(decimal Price, decimal Size, decimal Free = 0) : ChargeModel
{
    internal override Outcome<IReadOnlyList<RatingStep>> StepsFor(MeteredUsage usage)
    {
        var paid = Rational.From(decimal.Max(0, usage.Quantity - Free));
        var packages = -(-(paid / Rational.From(Size))).Floor();
        return new[] { new RatingStep(RatingStepKind.Packages, (decimal)packages, Price) };
    }

    /// <inheritdoc/>
    public override IEnumerable<FieldRefusal> Check() =>
        [.. NotNegative(Price, "/price"), .. Positive(Size, "/size"), .. NotNegative(Free, "/free")];
}
