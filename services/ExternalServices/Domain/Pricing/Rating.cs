using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Pricing;

/// <summary>Prices quantities. Nothing is rounded before the amount; the amount is rounded once.</summary>
public static class Rating
{
    /// <summary>The amount of a quantity and how it came about.</summary>
    /// <param name="model">A model for which <see cref="ChargeModel.Check"/> finds nothing.</param>
    /// <param name="usage">Not negative.</param>
    /// <param name="currency">Gives the minor unit at which the amount is rounded.</param>
    /// <returns>The rated amount, <c>quantity-negative</c>, or a refusal of the model.</returns>
    public static Outcome<RatedAmount> Rate(ChargeModel model, MeteredUsage usage, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(usage);
        return StepsFor(model, usage).Then<RatedAmount>(steps => RatedAmount.Of(steps, currency));
    }

    /// <inheritdoc cref="Rate(ChargeModel, MeteredUsage, Currency)"/>
    public static Outcome<RatedAmount> Rate(ChargeModel model, decimal quantity, Currency currency) =>
        Rate(model, new MeteredUsage(quantity), currency);

    /// <summary>
    /// The amount by which a price grows from one usage to another of the same period, for example with late usage:
    /// negative where the larger quantity reaches cheaper tiers.
    /// </summary>
    /// <returns>
    /// The rounded exact difference, its steps being those of the later usage and, with negative quantities, those of
    /// the earlier one; or a refusal of <see cref="Rate(ChargeModel, MeteredUsage, Currency)"/>.
    /// </returns>
    public static Outcome<RatedAmount> RateGrowth(
        ChargeModel model, MeteredUsage before, MeteredUsage after, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return StepsFor(model, before).Then(old => StepsFor(model, after).Then<RatedAmount>(steps =>
            RatedAmount.Of([.. steps, .. old.Select(step => step with { Quantity = -step.Quantity })], currency)));
    }

    private static Outcome<IReadOnlyList<RatingStep>> StepsFor(ChargeModel model, MeteredUsage usage) =>
        usage.Quantity < 0
            ? Refusal.Rejected("quantity-negative", $"The quantity {usage.Quantity} is negative.", "/quantity")
            : model.StepsFor(usage);
}

/// <summary>An amount with the parts that it consists of.</summary>
/// <param name="Steps">The priced parts, in the order in which they were priced.</param>
/// <param name="Exact">Their sum, unrounded.</param>
/// <param name="Amount">The sum rounded half away from zero at the minor unit.</param>
public sealed record RatedAmount(IReadOnlyList<RatingStep> Steps, Rational Exact, decimal Amount)
{
    internal static RatedAmount Of(IReadOnlyList<RatingStep> steps, Currency currency)
    {
        var exact = steps.Aggregate(Rational.Zero, (sum, step) => sum + step.Exact);
        return new RatedAmount(steps, exact, exact.Round(currency.Exponent));
    }
}
