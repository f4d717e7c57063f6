using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Pricing;
using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Billing;

/// <summary>An invoice before it has a number: lines and totals.</summary>
public sealed record InvoiceDraft
{
    public required Currency Currency { get; init; }

    public required IReadOnlyList<InvoiceLine> Lines { get; init; }

    public required InvoiceTotals Totals { get; init; }

    /// <summary>
    /// Bills due charges of one customer, of one or several contracts, in one currency and tax treatment; then what is
    /// missing to due commitments, towards which lines of the same contract and period count.
    /// </summary>
    /// <returns>The draft, or the refusal of a charge with a pointer to its index.</returns>
    public static Outcome<InvoiceDraft> Of(
        Currency currency,
        IReadOnlyList<DueCharge> dueCharges,
        TaxTreatment tax,
        IReadOnlyList<DueCommitment>? dueCommitments = null)
    {
        ArgumentNullException.ThrowIfNull(dueCharges);
        ArgumentNullException.ThrowIfNull(tax);
        var lines = new List<InvoiceLine>(dueCharges.Count);
        foreach (var due in dueCharges)
        {
            var rated = due.Rate(currency);
            if (rated.IsRefused)
            {
                return rated.Refusal with { Pointer = $"/{lines.Count}{rated.Refusal.Pointer}" };
            }

            lines.Add(InvoiceLine.Of(lines.Count + 1, due, rated.Value, tax, currency));
        }

        foreach (var due in dueCommitments ?? [])
        {
            if (due.TrueUpLine(lines, tax, currency) is { } line)
            {
                lines.Add(line);
            }
        }

        var amounts = new InvoiceAmounts { Currency = currency, Lines = lines.ConvertAll(line => line.Amounts) };
        return InvoiceTotals.Of(amounts).Then<InvoiceDraft>(totals =>
            new InvoiceDraft { Currency = currency, Lines = lines, Totals = totals });
    }
}

/// <summary>One line of an invoice (BG-25).</summary>
public sealed record InvoiceLine
{
    /// <summary>Unit of a line that is not quantity × price: one (UN/ECE recommendation 20, C62).</summary>
    public const string OneUnit = "one";

    /// <summary>Unit of a flat fee for a part of its period.</summary>
    public const string DayUnit = "day";

    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    public required string Contract { get; init; }

    /// <summary>Code of the contract's charge.</summary>
    public required string Charge { get; init; }

    public required string Service { get; init; }

    public required string Description { get; init; }

    /// <summary>The days that the line pays for (BG-26).</summary>
    public required DateRange ServicePeriod { get; init; }

    /// <summary>What the quantity counts.</summary>
    public required string Unit { get; init; }

    /// <summary>Quantity, price, base quantity and tax group, from which the net follows.</summary>
    public required LineAmounts Amounts { get; init; }

    /// <summary>BT-131.</summary>
    public required decimal Net { get; init; }

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
            Charge = due.Charge.Code,
            Service = due.Charge.Service,
            Description = due.Charge.Description,
            ServicePeriod = due.Period.Served,
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
                rated, due.Period, due.Charge.Model.IsMetered ? due.Usage.Quantity : null),
        };
    }

    private static string UnitOf(DueCharge due, RatedAmount rated) =>
        (due.Charge.Model.IsMetered, rated.Steps.Count, due.Period.IsFull) switch
        {
            (true, 1, _) or (false, _, true) => due.Charge.Unit,
            (true, _, _) => OneUnit,
            (false, _, false) => DayUnit,
        };
}

/// <summary>How a line's amount before allowances came about, from which it can be calculated again.</summary>
public sealed record LineExplanation
{
    /// <summary>What the meter said; null for agreed fees.</summary>
    public required decimal? MeteredQuantity { get; init; }

    public required int DaysServed { get; init; }

    public required int DaysOfPeriod { get; init; }

    public required IReadOnlyList<RatingStep> Steps { get; init; }

    /// <summary>
    /// Σ quantity × price ÷ base quantity of the steps, unrounded: a whole number or an exact fraction.
    /// </summary>
    public required string Exact { get; init; }

    /// <summary>The exact amount at the minor unit of the currency.</summary>
    public required decimal Rounded { get; init; }

    internal static LineExplanation Of(RatedAmount rated, BillingPeriod period, decimal? meteredQuantity) =>
        new()
        {
            MeteredQuantity = meteredQuantity,
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
