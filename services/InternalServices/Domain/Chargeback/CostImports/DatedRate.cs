using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.CostImports;

/// <summary>
/// What one unit of a currency is worth in that of the books, from a day until the next that has a rate.
/// </summary>
public sealed record DatedRate
{
    public required Currency Currency { get; init; }

    public required DateOnly Day { get; init; }

    /// <summary>Above 0, at most twelve decimals.</summary>
    public required decimal Rate { get; init; }

    /// <summary>
    /// The rate of a month's costs: the one that holds on its last day. Null when none was recorded up to then.
    /// </summary>
    /// <param name="rates">Of one currency, in any order.</param>
    /// <param name="month">The month in which the costs arose.</param>
    public static DatedRate? Of(IEnumerable<DatedRate> rates, Period month) =>
        rates.Where(rate => rate.Day < month.NextFirstDay).MaxBy(rate => rate.Day);

    /// <summary>The amount in the currency of the books, half away from zero at fifteen decimals.</summary>
    /// <exception cref="OverflowException">The result is beyond what a decimal holds.</exception>
    public decimal Convert(decimal amount) => (Rational.From(amount) * Rational.From(Rate)).Round(ExactAmount.Decimals);
}
