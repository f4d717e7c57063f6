using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Pricing;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Billing;

/// <summary>One charge of a contract for one of its billing periods, which a billing month has to bill.</summary>
public sealed record DueCharge
{
    public required string Contract { get; init; }

    /// <summary>Why it is due.</summary>
    public LineKind Kind { get; init; } = LineKind.Charge;

    /// <summary>Number of the contract's change that made it due; 0 for none.</summary>
    public int Cause { get; init; }

    public required ContractCharge Charge { get; init; }

    /// <summary>The full price that a change takes back or adds for a part of the period; null for no change.</summary>
    public AgreedPrice? Changed { get; init; }

    public required BillingPeriod Period { get; init; }

    /// <summary>The instants whose usage is billed.</summary>
    public required InstantRange UsageIn { get; init; }

    /// <summary>The instants of the full billing period, over which levels are averaged.</summary>
    public required InstantRange MeasuredOver { get; init; }

    /// <summary>What the meter says for these instants; to be filled in for metered charges.</summary>
    public MeteredUsage Usage { get; init; } = MeteredUsage.None;

    /// <summary>Nothing is billed twice under the same key.</summary>
    public (string Contract, string Charge, DateOnly From, LineKind Kind, int Cause) Key =>
        (Contract, Charge.Code, Period.Served.Start, Kind, Cause);

    /// <summary>From when on it can be billed.</summary>
    public DateTimeOffset Since => IsInAdvance ? UsageIn.Start : UsageIn.End;

    private bool IsInAdvance => Kind != LineKind.Charge || Charge.Timing == BillingTiming.InAdvance;

    /// <summary>The billing month in which it is due.</summary>
    public Period Month =>
        global::ServiceMesh.Primitives.Period.Of(IsInAdvance ? Period.Served.Start : Period.Served.End.AddDays(-1));

    /// <summary>
    /// What a billing month has to bill: charges in advance for the periods that begin in it, charges in arrears for
    /// the periods whose last day is in it, changes of the contract on its days. Each is due in exactly one month.
    /// </summary>
    public static IEnumerable<DueCharge> In(Period month, ContractTerms contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return contract.Cycle.Overlapping(DateRange.Of(month))
            .SelectMany(period => Of(period, contract))
            .Where(due => due.Month == month)
            .OrderBy(due => Array.IndexOf(contract.ChargeCodes, due.Charge.Code));
    }

    /// <summary>
    /// What changes of the contract have made due in earlier months: they may have been signed when those were billed.
    /// </summary>
    public static IEnumerable<DueCharge> LeftBefore(Period month, ContractTerms contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        var days = contract.Changes.Select(change => change.On).Where(day => day < month.NextFirstDay).ToHashSet();
        return days.SelectMany(day => new[] { day.AddDays(-1), day })
            .Select(contract.Cycle.Containing)
            .OfType<BillingPeriod>()
            .Distinct()
            .OrderBy(period => period.Full.Start)
            .SelectMany(period => Of(period, contract))
            .Where(due => due.Month < month)
            .Where(due => days.Contains(due.IsInAdvance ? due.Period.Served.Start : due.Period.Served.End));
    }

    /// <summary>Everything that a billing period of the contract has to bill.</summary>
    public static IEnumerable<DueCharge> Of(BillingPeriod period, ContractTerms contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        var timeline = new TermsTimeline(contract);
        var charges = timeline.ChargesIn(period).Select(span => new DueCharge
        {
            Contract = contract.Contract,
            Charge = span.Charge,
            Period = span.Period,
            UsageIn = span.Period.Served.In(contract.Zone),
            MeasuredOver = period.Full.In(contract.Zone),
        });
        return contract.Changes.Count == 0
            ? charges
            : charges.Concat(timeline.Adjustments().Where(due => due.Period.Full == period.Full));
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
        if (Changed is { } changed) return RatedAmount.Of([ChangedStep(changed)], currency);
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

    /// <summary>What the charge's discounts take off its amount; a change has them in its price.</summary>
    public IReadOnlyList<LineAllowance> AllowancesOn(decimal amount, Currency currency) =>
        Changed is null ? LineAllowance.Of(Charge.DiscountsIn(Period), amount, Period, currency) : [];

    /// <summary>Price × quantity × days left ÷ days of the period, as <see cref="ProrationShare"/> has it.</summary>
    private RatingStep ChangedStep(AgreedPrice changed)
    {
        var days = Kind == LineKind.ChangeCredit ? -Period.Served.Days : Period.Served.Days;
        return changed.Off == 0
            ? new RatingStep(RatingStepKind.FlatFee, changed.Quantity * days, changed.Price, Period.Full.Days)
            : new RatingStep(
                RatingStepKind.FlatFee, days, changed.Price * changed.Quantity - changed.Off, Period.Full.Days);
    }
}
