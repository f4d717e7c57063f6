using System.Text.Json.Serialization;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Contracts;

/// <summary>
/// What a contract takes off one of its charges, as an allowance on the invoice line (EN 16931, BG-27).
/// </summary>
/// <param name="Code">Unique among the discounts of the charge.</param>
/// <param name="Description">As the customer reads it on the invoice (BT-139).</param>
/// <param name="From">Billing periods that begin on or after this day are discounted.</param>
/// <param name="To">Those that begin on or after this day no longer are; null without an end.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(PercentageDiscount), "percentage")]
[JsonDerivedType(typeof(AmountDiscount), "amount")]
public abstract record Discount(string Code, string Description, DateOnly From, DateOnly? To)
{
    /// <summary>Whether it holds for a billing period.</summary>
    public bool Covers(BillingPeriod period) => From <= period.Served.Start && (To is null || period.Served.Start < To);

    /// <summary>What makes it unusable; empty when it can be agreed.</summary>
    public IEnumerable<FieldRefusal> Check()
    {
        if (To <= From)
        {
            yield return new FieldRefusal("/to", "not-after-start", $"{To:O} is not after {From:O}.");
        }

        if (CheckValue() is { } wrong)
        {
            yield return wrong;
        }
    }

    /// <summary>The amount off, rounded, for an undiscounted amount of a billing period.</summary>
    internal abstract decimal Off(decimal amount, BillingPeriod period, Currency currency);

    private protected abstract FieldRefusal? CheckValue();
}

/// <summary>round(amount × percent ÷ 100).</summary>
/// <inheritdoc cref="Discount"/>
public sealed record PercentageDiscount(
    string Code, string Description, decimal Percent, DateOnly From, DateOnly? To = null)
    : Discount(Code, Description, From, To)
{
    private const decimal Whole = 100;

    internal override decimal Off(decimal amount, BillingPeriod period, Currency currency) =>
        (Rational.From(amount) * Rational.From(Percent) / Rational.From(Whole)).Round(currency.Exponent);

    private protected override FieldRefusal? CheckValue() =>
        Percent is > 0 and <= Whole
            ? null
            : new FieldRefusal("/percent", "percent-out-of-range", $"{Percent} is not above 0 and at most {Whole}.");
}

/// <summary>
/// A fixed amount off every full billing period: round(amount × days served ÷ days of the full period).
/// </summary>
/// <inheritdoc cref="Discount"/>
public sealed record AmountDiscount(
    string Code, string Description, decimal Amount, DateOnly From, DateOnly? To = null)
    : Discount(Code, Description, From, To)
{
    internal override decimal Off(decimal amount, BillingPeriod period, Currency currency) =>
        ProrationShare.OfDays(period.Served, period.Full).AmountOf(new AgreedPrice(Amount), currency);

    private protected override FieldRefusal? CheckValue() =>
        Amount > 0 ? null : new FieldRefusal("/amount", "not-positive", $"{Amount} is not above zero.");
}

/// <summary>A discount as it was taken off one amount.</summary>
/// <param name="Code">The discount's code.</param>
/// <param name="Description">BT-139.</param>
/// <param name="Amount">BT-136, not negative.</param>
public sealed record LineAllowance(string Code, string Description, decimal Amount)
{
    /// <summary>
    /// What the discounts take off an amount: each reckons from the whole amount, in their order, until nothing is
    /// left.
    /// </summary>
    internal static IReadOnlyList<LineAllowance> Of(
        IReadOnlyList<Discount> discounts, decimal amount, BillingPeriod period, Currency currency)
    {
        var allowances = new List<LineAllowance>();
        var left = amount;
        foreach (var discount in discounts)
        {
            var off = decimal.Min(left, discount.Off(amount, period, currency));
            if (off > 0)
            {
                allowances.Add(new LineAllowance(discount.Code, discount.Description, off));
                left -= off;
            }
        }

        return allowances;
    }
}
