using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Pricing;
using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Billing;

/// <summary>One line of an invoice (BG-25).</summary>
public sealed record InvoiceLine
{
    /// <summary>Unit of a line that is not quantity × price: one (UN/ECE recommendation 20, C62).</summary>
    public const string OneUnit = "one";

    /// <summary>Unit of a flat fee for a part of its period.</summary>
    public const string DayUnit = "day";

    /// <summary>Unit of started packages.</summary>
    public const string PackageUnit = "package";

    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    public required string Contract { get; init; }

    /// <summary>Code of the contract's charge.</summary>
    public required string Charge { get; init; }

    public required string Service { get; init; }

    public required string Description { get; init; }

    public LineKind Kind { get; init; } = LineKind.Charge;

    /// <summary>Number of the contract's change that the line comes from; 0 for none.</summary>
    public int Cause { get; init; }

    /// <summary>The days that the line pays for, in the full billing period.</summary>
    public required BillingPeriod Period { get; init; }

    /// <summary>The days that the line pays for (BG-26).</summary>
    public DateRange ServicePeriod => Period.Served;

    /// <summary>The instants whose usage the line bills; null for what is not metered.</summary>
    public InstantRange? UsageIn { get; init; }

    /// <summary>What the quantity counts.</summary>
    public required string Unit { get; init; }

    /// <summary>Quantity, price, base quantity and tax group, from which the net follows.</summary>
    public required LineAmounts Amounts { get; init; }

    /// <summary>BT-131.</summary>
    public required decimal Net { get; init; }

    /// <summary>What could not be taken off here and is left for a later invoice: not positive.</summary>
    public decimal LeftOver { get; init; }

    /// <summary>The discounts taken off (BG-27).</summary>
    public IReadOnlyList<LineAllowance> Allowances { get; init; } = [];

    public required TaxTreatment Tax { get; init; }

    public required LineExplanation Explanation { get; init; }

    internal static InvoiceLine Of(
        int number, DueCharge due, RatedAmount rated, TaxTreatment tax, Currency currency)
    {
        var allowances = due.AllowancesOn(rated.Amount, currency);

        // A price list in tiers has no single price: the line states its amount once, the explanation every tier.
        var step = rated.Steps is [var only] ? only : new RatingStep(RatingStepKind.FlatFee, 1, rated.Amount);
        return new InvoiceLine
        {
            Number = number,
            Contract = due.Contract,
            Kind = due.Kind,
            Cause = due.Cause,
            Charge = due.Charge.Code,
            Service = due.Charge.Service,
            Description = due.Charge.Description,
            Period = due.Period,
            UsageIn = due.Charge.Model.IsMetered ? due.UsageIn : null,
            Unit = UnitOf(due, rated),
            Amounts = new LineAmounts
            {
                Quantity = step.Quantity,
                Price = step.Price,
                BaseQuantity = step.BaseQuantity,
                Allowances = [.. allowances.Select(allowance => allowance.Amount)],
                Category = tax.Category,
                Rate = tax.Rate,
            },
            Net = rated.Amount - allowances.Sum(allowance => allowance.Amount),
            Allowances = allowances,
            Tax = tax,
            Explanation = LineExplanation.Of(
                rated, due.Period, due.Charge.Model.IsMetered ? due.Usage : null),
        };
    }

    private static string UnitOf(DueCharge due, RatedAmount rated) =>
        rated.Steps switch
        {
            [{ Kind: RatingStepKind.FlatFee }] when !due.Charge.Model.IsMetered =>
                due.Period.IsFull && due.Changed is null ? due.Charge.Unit : DayUnit,
            [{ Kind: RatingStepKind.Units or RatingStepKind.Percentage }] => due.Charge.Unit,
            [{ Kind: RatingStepKind.Packages }] => PackageUnit,
            _ => OneUnit,
        };
}

/// <summary>How a line's amount before allowances came about, from which it can be calculated again.</summary>
public sealed record LineExplanation
{
    /// <summary>What the meter said; null for agreed fees.</summary>
    public required decimal? MeteredQuantity { get; init; }

    /// <summary>How many usage events that was; null for agreed fees.</summary>
    public long? Events { get; init; }

    public required int DaysServed { get; init; }

    public required int DaysOfPeriod { get; init; }

    public required IReadOnlyList<RatingStep> Steps { get; init; }

    /// <summary>
    /// Σ quantity × price ÷ base quantity of the steps, unrounded: a whole number or an exact fraction.
    /// </summary>
    public required string Exact { get; init; }

    /// <summary>The exact amount at the minor unit of the currency.</summary>
    public required decimal Rounded { get; init; }

    internal static LineExplanation Of(RatedAmount rated, BillingPeriod period, MeteredUsage? usage) =>
        new()
        {
            MeteredQuantity = usage?.Quantity,
            Events = usage?.Events,
            DaysServed = period.Served.Days,
            DaysOfPeriod = period.Full.Days,
            Steps = rated.Steps,
            Exact = rated.Exact.ToString(),
            Rounded = rated.Amount,
        };

    /// <summary>Calculates the steps again and says whether they still give what is written here.</summary>
    public bool Recomputes(Currency currency)
    {
        var again = RatedAmount.Of(Steps, currency);
        return again.Amount == Rounded && again.Exact.ToString() == Exact;
    }
}
