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

    /// <summary>How many days each amount stood; the days served when left out.</summary>
    public IReadOnlyList<(decimal Amount, int Days)> Parts { get; init; } = [];

    /// <summary>The commitments whose last day in a billing period is in the month.</summary>
    public static IEnumerable<DueCommitment> In(Period month, ContractTerms contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return contract.Cycle.Overlapping(DateRange.Of(month))
            .SelectMany(period => Of(period, contract))
            .Where(due => global::ServiceMesh.Primitives.Period.Of(due.Period.Served.End.AddDays(-1)) == month);
    }

    /// <summary>The commitments that changes of the contract have ended in earlier months.</summary>
    public static IEnumerable<DueCommitment> LeftBefore(Period month, ContractTerms contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        var days = contract.Changes.Select(change => change.On).Where(day => day <= month.FirstDay).ToHashSet();
        return days.Select(day => contract.Cycle.Containing(day.AddDays(-1)))
            .OfType<BillingPeriod>()
            .Distinct()
            .SelectMany(period => Of(period, contract))
            .Where(due => days.Contains(due.Period.Served.End));
    }

    /// <summary>The commitments of a billing period.</summary>
    public static IEnumerable<DueCommitment> Of(BillingPeriod period, ContractTerms contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return new TermsTimeline(contract).CommitmentsIn(period).Select(span => new DueCommitment
        {
            Contract = contract.Contract,
            Commitment = span.Commitment,
            Period = span.Period,
            Parts = span.Parts,
        });
    }

    /// <summary>What is to be billed at least: each amount by its days, rounded by itself.</summary>
    public decimal Share(Currency currency) =>
        Parts.Count == 0
            ? Commitment.ShareOf(Period.Served.Days, Period.Full.Days, currency)
            : Parts.Sum(part =>
                (Commitment with { Amount = part.Amount }).ShareOf(part.Days, Period.Full.Days, currency));

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
        var share = Share(currency);
        var missing = decimal.Max(0, share - billed);
        if (missing == 0)
        {
            return null;
        }

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
