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

    /// <summary>Σ nets of what was billed as missing before late usage changed it.</summary>
    public decimal TruedUpBefore { get; init; }

    /// <summary>Number of the line that bills it as missing: 0, or one more than the last.</summary>
    public int TrueUps { get; init; }

    /// <summary>How many days each amount stood; the days served when left out.</summary>
    public IReadOnlyList<(decimal Amount, int Days)> Parts { get; init; } = [];

    /// <summary>The billing month in which it is due.</summary>
    public Period Month => global::ServiceMesh.Primitives.Period.Of(Period.Served.End.AddDays(-1));

    /// <summary>The commitments whose last day in a billing period is in the month.</summary>
    public static IEnumerable<DueCommitment> In(Period month, ContractTerms contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return contract.Cycle.Overlapping(DateRange.Of(month))
            .SelectMany(period => Of(period, contract))
            .Where(due => due.Month == month);
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

    /// <summary>Whether what was billed leaves something to bill, or to give back.</summary>
    public bool IsOpen(Currency currency) => decimal.Max(0, Share(currency) - BilledBefore) != TruedUpBefore;

    /// <summary>Whether a line of the same contract and period counts towards it.</summary>
    public bool Counts(LineKind kind, string charge) => kind != LineKind.TrueUp && Commitment.Covers(charge);

    /// <summary>Whether a line of the same contract and period is its own.</summary>
    public bool IsTruedUpBy(LineKind kind, string charge) => kind == LineKind.TrueUp && charge == Commitment.Code;

    /// <summary>
    /// The line that bills what is missing, or gives back what was billed too much; null where nothing is. It gives
    /// back no more than the other lines carry.
    /// </summary>
    internal InvoiceLine? TrueUpLine(IReadOnlyList<InvoiceLine> lines, TaxTreatment tax, Currency currency)
    {
        var counted = lines
            .Where(line => line.Contract == Contract
                && line.Period.Full == Period.Full
                && Counts(line.Kind, line.Charge))
            .Sum(line => line.Net);
        return (this with { BilledBefore = BilledBefore + counted })
            .TrueUpLine(lines.Count + 1, lines.Sum(line => line.Net), tax, currency);
    }

    /// <summary>The same, when <see cref="BilledBefore"/> has everything that counts.</summary>
    /// <param name="number">Of the line.</param>
    /// <param name="carried">The sum of the lines before it.</param>
    /// <param name="tax">Of the invoice.</param>
    /// <param name="currency">Of the invoice.</param>
    public InvoiceLine? TrueUpLine(int number, decimal carried, TaxTreatment tax, Currency currency)
    {
        var share = Share(currency);
        var whole = decimal.Max(0, share - BilledBefore) - TruedUpBefore;
        var missing = decimal.Max(whole, -decimal.Max(0, carried));
        if (missing == 0)
        {
            return null;
        }

        RatingStep[] steps =
        [
            new(RatingStepKind.Commitment, 1, share),
            new(RatingStepKind.CountedTowardsCommitment, -1, decimal.Min(share, BilledBefore)),
            .. TrueUps == 0 ? [] : new[] { new RatingStep(RatingStepKind.BilledBefore, -1, TruedUpBefore) },
            .. missing == whole ? [] : new[] { new RatingStep(RatingStepKind.LeftForLater, -1, whole - missing) },
        ];
        return Line(number, missing, steps, tax, currency);
    }

    private InvoiceLine Line(
        int number, decimal net, IReadOnlyList<RatingStep> steps, TaxTreatment tax, Currency currency) => new()
        {
            Number = number,
            Contract = Contract,
            Charge = Commitment.Code,
            Service = Commitment.Service,
            Description = Commitment.Description,
            Kind = LineKind.TrueUp,
            Cause = TrueUps,
            Period = Period,
            Unit = InvoiceLine.OneUnit,
            Amounts = new LineAmounts
            {
                Quantity = net < 0 ? -1 : 1,
                Price = decimal.Abs(net),
                Category = tax.Category,
                Rate = tax.Rate,
            },
            Net = net,
            Tax = tax,
            Explanation = LineExplanation.Of(RatedAmount.Of(steps, currency), Period, usage: null),
        };
}
