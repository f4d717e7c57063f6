using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Pricing;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Billing;

/// <summary>One charge of a contract for one of its billing periods, which a billing month has to bill.</summary>
public sealed record DueCharge
{
    public required string Contract { get; init; }

    public required ContractCharge Charge { get; init; }

    public required BillingPeriod Period { get; init; }

    /// <summary>The instants whose usage is billed.</summary>
    public required InstantRange UsageIn { get; init; }

    /// <summary>The instants of the full billing period, over which levels are averaged.</summary>
    public required InstantRange MeasuredOver { get; init; }

    /// <summary>What the meter says for these instants; to be filled in for metered charges.</summary>
    public MeteredUsage Usage { get; init; } = MeteredUsage.None;

    /// <summary>
    /// What a billing month has to bill: charges in advance for the periods that begin in it, charges in arrears for
    /// the periods whose last day is in it. Each charge of each period is due in exactly one month.
    /// </summary>
    public static IEnumerable<DueCharge> In(Period month, ContractTerms contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return
            from charge in contract.Charges
            from period in charge.Timing == BillingTiming.InAdvance
                ? contract.Cycle.StartingIn(month)
                : contract.Cycle.EndingIn(month)
            select new DueCharge
            {
                Contract = contract.Contract,
                Charge = charge,
                Period = period,
                UsageIn = period.Served.In(contract.Zone),
                MeasuredOver = period.Full.In(contract.Zone),
            };
    }

    /// <summary>
    /// The amount before discounts: metered charges rate their usage; flat fees are price × agreed quantity × days
    /// served ÷ days of the full period.
    /// </summary>
    /// <returns>
    /// The rated amount, or the refusal of <see cref="Rating.Rate(ChargeModel, MeteredUsage, Currency)"/>.
    /// </returns>
    public Outcome<RatedAmount> Rate(Currency currency)
    {
        if (Charge.Model is not FlatCharge flat)
        {
            return Rating.Rate(Charge.Model, Usage, currency);
        }

        var fee = Period.IsFull
            ? new RatingStep(RatingStepKind.FlatFee, Charge.AgreedQuantity, flat.Amount)
            : new RatingStep(
                RatingStepKind.FlatFee, Charge.AgreedQuantity * Period.Served.Days, flat.Amount, Period.Full.Days);
        return RatedAmount.Of([fee], currency);
    }

    /// <summary>What the charge's discounts take off its amount.</summary>
    public IReadOnlyList<LineAllowance> AllowancesOn(decimal amount, Currency currency) =>
        LineAllowance.Of(Charge.DiscountsIn(Period), amount, Period, currency);
}
