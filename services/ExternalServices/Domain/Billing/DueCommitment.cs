using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Pricing;
using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Billing;

/// <summary>A commitment for a billing period that is over.</summary>
public sealed record DueCommitment
{
    public required string Contract { get; init; }

    public required MinimumCommitment Commitment { get; init; }

    public required BillingPeriod Period { get; init; }

    /// <summary>
    /// Σ line nets in scope that earlier invoices have billed for the period, such as fees in advance.
    /// </summary>
    public decimal BilledBefore { get; init; }

    /// <summary>The commitments whose period's last day is in the month.</summary>
    public static IEnumerable<DueCommitment> In(Period month, ContractTerms contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return
            from commitment in contract.Commitments
            from period in contract.Cycle.EndingIn(month)
            select new DueCommitment { Contract = contract.Contract, Commitment = commitment, Period = period };
    }

    /// <summary>Whether a line of the same contract and period counts towards it.</summary>
    public bool Counts(LineKind kind, string charge) => kind != LineKind.TrueUp && Commitment.Covers(charge);

    /// <summary>Whether a line of the same contract and period is its own.</summary>
    public bool IsTruedUpBy(LineKind kind, string charge) => kind == LineKind.TrueUp && charge == Commitment.Code;

    /// <summary>The line that bills what is missing; null where nothing is.</summary>
    internal InvoiceLine? TrueUpLine(IReadOnlyList<InvoiceLine> lines, TaxTreatment tax, Currency currency)
    {
        var billed = BilledBefore + lines
            .Where(line => line.Contract == Contract
                && line.Period.Full == Period.Full
                && Counts(line.Kind, line.Charge))
            .Sum(line => line.Net);
        var missing = Commitment.TrueUp(Period.Served.Days, Period.Full.Days, billed, currency);
        if (missing == 0)
        {
            return null;
        }

        var share = Commitment.ShareOf(Period.Served.Days, Period.Full.Days, currency);
        var steps = new[]
        {
            new RatingStep(RatingStepKind.Commitment, 1, share),
            new RatingStep(RatingStepKind.CountedTowardsCommitment, -1, billed),
        };
        return new InvoiceLine
        {
            Number = lines.Count + 1,
            Contract = Contract,
            Charge = Commitment.Code,
            Service = Commitment.Service,
            Description = Commitment.Description,
            Kind = LineKind.TrueUp,
            Period = Period,
            Unit = InvoiceLine.OneUnit,
            Amounts = new LineAmounts { Quantity = 1, Price = missing, Category = tax.Category, Rate = tax.Rate },
            Net = missing,
            Tax = tax,
            Explanation = LineExplanation.Of(RatedAmount.Of(steps, currency), Period, usage: null),
        };
    }
}
