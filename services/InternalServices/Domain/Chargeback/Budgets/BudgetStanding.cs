using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Budgets;

/// <summary>A month of a budget.</summary>
/// <param name="Month">Which.</param>
/// <param name="Planned">What the version plans for it; 0 or more.</param>
/// <param name="Charged">What the department bears; null until the month's run is posted.</param>
public sealed record BudgetedMonth(Period Month, decimal Planned, decimal? Charged);

/// <summary>How much of a budget is used; all of it is used and not yet exceeded.</summary>
public enum BudgetUse
{
    Within,

    /// <summary>Exactly all of it.</summary>
    Used,

    Exceeded,
}

/// <summary>How a budget stands after the months that are charged.</summary>
public sealed record BudgetStanding
{
    private const int ShareDecimals = 6;

    /// <summary>Of all months.</summary>
    public required decimal Planned { get; init; }

    /// <summary>Of the months that are charged.</summary>
    public required decimal PlannedToDate { get; init; }

    public required decimal Charged { get; init; }

    /// <summary>
    /// What all months will have been charged if each that is left is charged the mean of those that were; null before
    /// the first. The mean method of R. J. Hyndman and G. Athanasopoulos, Forecasting: Principles and Practice, 3rd
    /// edition, section 5.2. Exact, and rounded once.
    /// </summary>
    public required decimal? Forecast { get; init; }

    /// <summary>The latest month that is charged.</summary>
    public required Period? Latest { get; init; }

    public BudgetUse Use => Charged > Planned ? BudgetUse.Exceeded
        : Charged == Planned && Charged > 0 ? BudgetUse.Used
        : BudgetUse.Within;

    /// <param name="months">Every month of the budget.</param>
    /// <param name="currency">Gives the minor unit of the forecast.</param>
    public static BudgetStanding Of(IReadOnlyList<BudgetedMonth> months, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(months);
        var charged = months.Where(month => month.Charged is not null).ToArray();
        var sum = charged.Sum(month => month.Charged!.Value);
        return new BudgetStanding
        {
            Planned = months.Sum(month => month.Planned),
            PlannedToDate = charged.Sum(month => month.Planned),
            Charged = sum,
            Forecast = charged.Length == 0
                ? null
                : (Rational.From(sum) * new Rational(months.Count, charged.Length)).Round(currency.Exponent),
            Latest = charged.Length == 0 ? null : charged.Max(month => month.Month),
        };
    }

    /// <summary>Part of the whole at six decimals, half away from zero; null of nothing.</summary>
    public static decimal? Share(decimal part, decimal whole) =>
        whole == 0 ? null : (Rational.From(part) / Rational.From(whole)).Round(ShareDecimals);
}
