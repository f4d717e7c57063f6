using System.Text.Json.Serialization;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Pricing;

/// <summary>A fixed amount per billing period, whatever is used.</summary>
/// <param name="Amount">Per full billing period, in the contract's currency.</param>
/// <param name="Timing">At which end of its period it is billed.</param>
public sealed record FlatCharge(decimal Amount, BillingTiming Timing = BillingTiming.InAdvance) : ChargeModel
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsMetered => false;

    internal override Outcome<IReadOnlyList<RatingStep>> StepsFor(MeteredUsage usage) =>
        new[] { new RatingStep(RatingStepKind.FlatFee, 1, Amount) };

    /// <inheritdoc/>
    public override IEnumerable<FieldRefusal> Check() => NotNegative(Amount, "/amount");
}

/// <summary>At which end of its billing period a charge is billed.</summary>
public enum BillingTiming
{
    /// <summary>On the first day of the period that it pays for.</summary>
    InAdvance,

    /// <summary>When the period is over. Metered charges always are.</summary>
    InArrears,
}
