using ExternalServices.Domain.Pricing;
using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Billing;

/// <summary>A charge that was billed before usage of its period came or was corrected.</summary>
public sealed record LateCharge
{
    /// <summary>With the usage as it is known now.</summary>
    public required DueCharge Due { get; init; }

    /// <summary>Number of the adjustment of this charge and period, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Σ line nets that earlier invoices have billed for it.</summary>
    public required decimal Billed { get; init; }

    /// <summary>Whether usage of the period itself is late; else an earlier level may go on in it.</summary>
    public bool IsOwn { get; init; } = true;

    /// <summary>
    /// Re-rated − already billed. What it takes off is limited to what the invoice carries; the rest is still to be
    /// taken off, because the next time so much less was billed.
    /// </summary>
    /// <param name="number">Of the line.</param>
    /// <param name="carried">The sum of the lines before it.</param>
    /// <param name="tax">Of the invoice.</param>
    /// <param name="currency">Of the invoice.</param>
    /// <returns>The line; null where an earlier level changes nothing, or nothing can be taken off.</returns>
    public Outcome<InvoiceLine?> Line(int number, decimal carried, TaxTreatment tax, Currency currency) =>
        Rated(currency).Then<InvoiceLine?>(net =>
        {
            var missing = net - Billed;
            var amount = decimal.Max(missing, -carried);
            return (missing == 0 && !IsOwn) || (missing < 0 && amount == 0)
                ? (InvoiceLine?)null
                : Line(number, (net, amount), tax, currency);
        });

    /// <summary>What the charge costs by what is known now, less what was billed.</summary>
    /// <returns>The amount, or the refusal of <see cref="DueCharge.Rate"/>.</returns>
    public Outcome<decimal> Missing(Currency currency) =>
        Rated(currency).Then<decimal>(net => net - Billed);

    private Outcome<decimal> Rated(Currency currency) =>
        Due.Rate(currency).Then<decimal>(rated =>
            rated.Amount - Due.AllowancesOn(rated.Amount, currency).Sum(allowance => allowance.Amount));

    private InvoiceLine Line(int number, (decimal Net, decimal Amount) rated, TaxTreatment tax, Currency currency)
    {
        var left = rated.Net - Billed - rated.Amount;
        RatingStep[] steps =
        [
            new(RatingStepKind.RatedAgain, 1, rated.Net),
            new(RatingStepKind.BilledBefore, -1, Billed),
            .. left == 0 ? [] : new[] { new RatingStep(RatingStepKind.LeftForLater, -1, left) },
        ];
        return new InvoiceLine
        {
            Number = number,
            Contract = Due.Contract,
            Charge = Due.Charge.Code,
            Service = Due.Charge.Service,
            Description = Due.Charge.Description,
            Kind = LineKind.LateUsage,
            Cause = Number,
            Period = Due.Period,
            UsageIn = Due.UsageIn,
            Unit = InvoiceLine.OneUnit,

            // A price is not negative (BR-27): what is taken off is a negative quantity.
            Amounts = new LineAmounts
            {
                Quantity = rated.Amount < 0 ? -1 : 1,
                Price = decimal.Abs(rated.Amount),
                Category = tax.Category,
                Rate = tax.Rate,
            },
            Net = rated.Amount,
            LeftOver = left,
            Tax = tax,
            Explanation = LineExplanation.Of(RatedAmount.Of(steps, currency), Due.Period, Due.Usage),
        };
    }
}
