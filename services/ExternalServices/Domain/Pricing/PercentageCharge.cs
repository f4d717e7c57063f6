using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Pricing;

/// <summary>
/// max(0, quantity − free) × rate ÷ 100 + fixed × paid transactions. With bounds the rate is applied to each
/// transaction, the result is bounded, then added up.
/// </summary>
/// <param name="Rate">In percent of the quantity, which is an amount of money.</param>
/// <param name="Free">Amount of each billing period that costs nothing; not together with bounds.</param>
/// <param name="Fixed">Fee per paid transaction.</param>
/// <param name="PerTransactionMin">The least that a transaction costs; null without a lower bound.</param>
/// <param name="PerTransactionMax">The most that a transaction costs; null without an upper bound.</param>
public sealed record PercentageCharge(
    decimal Rate,
    decimal Free = 0,
    decimal Fixed = 0,
    decimal? PerTransactionMin = null,
    decimal? PerTransactionMax = null) : ChargeModel
{
    private const decimal Percent = 100;

    private bool IsBounded => PerTransactionMin is not null || PerTransactionMax is not null;

    /// <summary>
    /// Refuses <c>transactions-missing</c> when bounds are agreed and the transactions do not sum to the quantity.
    /// </summary>
    internal override Outcome<IReadOnlyList<RatingStep>> StepsFor(MeteredUsage usage)
    {
        var listed = usage.Transactions.Sum();
        if (IsBounded && listed != usage.Quantity)
        {
            return Refusal.Rejected(
                "transactions-missing",
                $"Bounds per transaction need every transaction: they sum to {listed}, not {usage.Quantity}.",
                "/transactions");
        }

        var steps = IsBounded
            ? BoundedSteps(usage.Transactions)
            : [new RatingStep(RatingStepKind.Percentage, decimal.Max(0, usage.Quantity - Free), Rate, Percent)];
        if (Fixed != 0)
        {
            steps.Add(new RatingStep(RatingStepKind.TransactionFees, usage.PaidTransactions, Fixed));
        }

        return steps;
    }

    /// <inheritdoc/>
    public override IEnumerable<FieldRefusal> Check()
    {
        var negative = NotNegative(Rate, "/rate")
            .Concat(NotNegative(Free, "/free"))
            .Concat(NotNegative(Fixed, "/fixed"))
            .Concat(NotNegative(PerTransactionMin ?? 0, "/perTransactionMin"))
            .Concat(NotNegative(PerTransactionMax ?? 0, "/perTransactionMax"));
        foreach (var field in negative)
        {
            yield return field;
        }

        if (PerTransactionMin > PerTransactionMax)
        {
            yield return new FieldRefusal(
                "/perTransactionMin", "bounds-crossed", $"{PerTransactionMin} is above {PerTransactionMax}.");
        }

        if (IsBounded && Free != 0)
        {
            yield return new FieldRefusal(
                "/free", "bounds-with-free", "Bounds per transaction leave open which transactions would be free.");
        }
    }

    /// <summary>Transactions within the bounds together, and those at either bound by their number.</summary>
    private List<RatingStep> BoundedSteps(IReadOnlyList<decimal> transactions)
    {
        var byRule = transactions.ToLookup(RuleFor);
        var steps = new List<RatingStep>
        {
            new(RatingStepKind.Percentage, byRule[RatingStepKind.Percentage].Sum(), Rate, Percent),
        };
        if (byRule[RatingStepKind.TransactionMinimum].Count() is > 0 and var raised)
        {
            steps.Add(new RatingStep(RatingStepKind.TransactionMinimum, raised, PerTransactionMin ?? 0));
        }

        if (byRule[RatingStepKind.TransactionMaximum].Count() is > 0 and var cut)
        {
            steps.Add(new RatingStep(RatingStepKind.TransactionMaximum, cut, PerTransactionMax ?? 0));
        }

        return steps;
    }

    private RatingStepKind RuleFor(decimal transaction)
    {
        var exact = Rational.From(transaction) * Rational.From(Rate) / Rational.From(Percent);
        return exact < Rational.From(PerTransactionMin ?? 0) ? RatingStepKind.TransactionMinimum
            : PerTransactionMax is { } max && exact > Rational.From(max) ? RatingStepKind.TransactionMaximum
            : RatingStepKind.Percentage;
    }
}
