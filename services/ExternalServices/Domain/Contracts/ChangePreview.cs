using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Pricing;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Contracts;

/// <summary>
/// The money, before tax, of changing a contract's charges inside a billing period. Only fees in advance move money at
/// once, because only they were billed for days to come; metered charges and fees in arrears follow with their period.
/// </summary>
public sealed record ChangePreview
{
    /// <summary>The first day of the new charges.</summary>
    public required DateOnly On { get; init; }

    public required BillingPeriod Period { get; init; }

    /// <summary>The days of the period to which the change applies.</summary>
    public required DateRange Remaining { get; init; }

    /// <summary>One per fee in advance that is added, dropped or changed, by charge code.</summary>
    public required IReadOnlyList<ChangedFee> Fees { get; init; }

    public decimal Credit => Fees.Sum(fee => fee.Amounts.Credit);

    public decimal Charge => Fees.Sum(fee => fee.Amounts.Charge);

    public decimal Net => Credit + Charge;

    /// <summary>
    /// What it costs to replace the contract's charges on a day; no charges at all is a cancellation.
    /// </summary>
    /// <returns>The preview, or <c>outside-contract</c> when the contract does not run on the day.</returns>
    public static Outcome<ChangePreview> Of(
        ContractTerms contract,
        IReadOnlyList<ContractCharge> newCharges,
        DateOnly on,
        ProrationMethod method = ProrationMethod.Day)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(newCharges);
        if (contract.Cycle.Containing(on) is not { } period)
        {
            return Refusal.Rejected(
                "outside-contract", $"The contract {contract.Contract} does not run on {on:yyyy-MM-dd}.", "/on");
        }

        return Of(contract, (contract.Charges, newCharges), on, period, method);
    }

    /// <param name="contract">Gives currency and zone.</param>
    /// <param name="charges">Those before and from the day on.</param>
    /// <param name="on">The first day of the new charges.</param>
    /// <param name="period">Served are the days for which the old fees are billed.</param>
    /// <param name="method">How a part of a fee is reckoned.</param>
    internal static ChangePreview Of(
        ContractTerms contract,
        (IReadOnlyList<ContractCharge> Old, IReadOnlyList<ContractCharge> New) charges,
        DateOnly on,
        BillingPeriod period,
        ProrationMethod method = ProrationMethod.Day)
    {
        var remaining = new DateRange(on, period.Served.End);
        var share = ProrationShare.Of(
            method, remaining.In(contract.Zone), period.Full.In(contract.Zone), contract.Zone);
        var old = AdvanceFees(charges.Old, period, contract.Currency);
        var @new = AdvanceFees(charges.New, period, contract.Currency);
        return new ChangePreview
        {
            On = on,
            Period = period,
            Remaining = remaining,
            Fees = [.. ChangedFees(old, @new, share, contract.Currency)],
        };
    }

    /// <summary>The fees as they are billed: the old one's rest taken back, the new one's rest charged.</summary>
    /// <param name="contract">The contract that changes.</param>
    /// <param name="change">What the fees come from.</param>
    /// <param name="before">The charges until then.</param>
    internal IEnumerable<DueCharge> Due(
        ContractTerms contract, TermsChange change, IReadOnlyList<ContractCharge> before)
    {
        foreach (var fee in Fees)
        {
            if (fee.Amounts.Credit != 0) yield return Part(before, fee.Charge, fee.Old!, LineKind.ChangeCredit);
            if (fee.Amounts.Charge != 0) yield return Part(change.Charges, fee.Charge, fee.New!, LineKind.ChangeCharge);
        }

        DueCharge Part(IReadOnlyList<ContractCharge> charges, string code, AgreedPrice price, LineKind kind) => new()
        {
            Contract = contract.Contract,
            Kind = kind,
            Cause = change.Number,
            Charge = charges.Single(charge => charge.Code == code),
            Changed = price,
            Period = Period with { Served = Remaining },
            UsageIn = Remaining.In(contract.Zone),
            MeasuredOver = Period.Full.In(contract.Zone),
        };
    }

    private static Dictionary<string, AgreedPrice> AdvanceFees(
        IReadOnlyList<ContractCharge> charges, BillingPeriod period, Currency currency)
    {
        var fees = new Dictionary<string, AgreedPrice>(StringComparer.Ordinal);
        foreach (var charge in charges)
        {
            if (charge.Model is FlatCharge { Timing: BillingTiming.InAdvance } fee)
            {
                var price = new AgreedPrice(fee.Amount, charge.AgreedQuantity);
                var full = period with { Served = period.Full };
                var whole = ProrationShare.Full.AmountOf(price, currency);
                var off = LineAllowance.Of(charge.DiscountsIn(period), whole, full, currency);
                fees[charge.Code] = price with { Off = off.Sum(allowance => allowance.Amount) };
            }
        }

        return fees;
    }

    private static IEnumerable<ChangedFee> ChangedFees(
        Dictionary<string, AgreedPrice> old,
        Dictionary<string, AgreedPrice> @new,
        ProrationShare share,
        Currency currency) =>
        from code in old.Keys.Union(@new.Keys).Order(StringComparer.Ordinal)
        let before = old.GetValueOrDefault(code)
        let after = @new.GetValueOrDefault(code)
        where before != after
        select new ChangedFee(code, before, after, share.Change(before, after, currency));
}

/// <summary>A fee in advance that a change adds, drops or replaces.</summary>
/// <param name="Charge">The charge's code.</param>
/// <param name="Old">Null when it is added.</param>
/// <param name="New">Null when it is dropped.</param>
/// <param name="Amounts">Credit of the old and charge of the new price.</param>
public sealed record ChangedFee(string Charge, AgreedPrice? Old, AgreedPrice? New, ChangeAmounts Amounts);
