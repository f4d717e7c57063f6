namespace InternalServices.Domain.Chargeback.Budgets;

/// <summary>What is noticed about a budget.</summary>
public enum BudgetSignal
{
    /// <summary>A part of it is used: 50, 75, 90 or 100 percent.</summary>
    Used,

    /// <summary>More than all of it is used.</summary>
    Exceeded,

    /// <summary>More is charged than was planned for the months that are charged.</summary>
    Pace,

    /// <summary>More than all of it will be used if the months that are left are like those that were.</summary>
    Forecast,
}

/// <summary>Something to tell about a budget, once for each version.</summary>
/// <param name="Signal">What it is about.</param>
/// <param name="Threshold">In percent of <paramref name="Budget"/>.</param>
/// <param name="Amount">What is charged, or forecast.</param>
/// <param name="Budget">What it is compared with.</param>
public sealed record BudgetAlert(BudgetSignal Signal, int Threshold, decimal Amount, decimal Budget)
{
    private const int Whole = 100;

    /// <summary>Percent of the budget that are told when they are reached.</summary>
    public static IReadOnlyList<int> Thresholds { get; } = [50, 75, 90, Whole];

    /// <summary>
    /// Everything that holds of a budget now. A threshold holds once it is reached; that the budget is exceeded, that
    /// its pace is lost or that it will not do only beyond 100 percent.
    /// </summary>
    public static IEnumerable<BudgetAlert> Of(BudgetStanding standing)
    {
        var (charged, planned) = (standing.Charged, standing.Planned);
        if (charged > 0)
        {
            foreach (var threshold in Thresholds.Where(threshold => charged * Whole >= planned * threshold))
            {
                yield return new BudgetAlert(BudgetSignal.Used, threshold, charged, planned);
            }
        }

        if (charged > planned) yield return new BudgetAlert(BudgetSignal.Exceeded, Whole, charged, planned);
        if (charged > standing.PlannedToDate)
        {
            yield return new BudgetAlert(BudgetSignal.Pace, Whole, charged, standing.PlannedToDate);
        }

        if (standing.Forecast is { } forecast && forecast > planned)
        {
            yield return new BudgetAlert(BudgetSignal.Forecast, Whole, forecast, planned);
        }
    }

    /// <summary>What holds now and was not told about this version before.</summary>
    public static IEnumerable<BudgetAlert> New(
        BudgetStanding standing, IReadOnlySet<(BudgetSignal Signal, int Threshold)> told) =>
        Of(standing).Where(alert => !told.Contains((alert.Signal, alert.Threshold)));
}
