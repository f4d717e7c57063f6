using System.Globalization;
using System.Text.Json;
using InternalServices.Domain.Chargeback.Runs;

namespace InternalServices.Api.Chargeback.Statements;

/// <summary>Says an explanation in sentences.</summary>
internal static class ExplanationText
{
    public static IReadOnlyList<string> Of(Explanation explanation) =>
        [.. Parts(explanation).OfType<string>()];

    private static IEnumerable<string?> Parts(Explanation explanation)
    {
        var pool = explanation.Pool;
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{pool.Name} cost {pool.Exact.Amount} {pool.Exact.Currency} in {explanation.Month}, "
            + $"the sum of {pool.Costs.Sum(cost => cost.Rows)} records, booked as {pool.Amount}.");
        yield return Late(explanation);
        yield return Cause(explanation);
        yield return Rounding(explanation);
    }

    private static string? Late(Explanation explanation)
    {
        var origins = explanation.Pool.Costs.Select(cost => cost.OriginMonth)
            .Where(origin => origin != explanation.Month)
            .Distinct()
            .Order()
            .ToList();
        return origins.Count == 0
            ? null
            : $"Part of it arose in {string.Join(", ", origins)} and came after that month's close.";
    }

    private static string Cause(Explanation explanation) => explanation.Kind switch
    {
        LineKind.Direct => "The cost of this line was assigned when it was recorded.",
        LineKind.UnusedCapacity => $"{explanation.Department} owns the capacity that nobody used.",
        LineKind.OverRecovery =>
            $"{explanation.Department} owns the capacity, and use beyond it was charged at the same rate.",
        LineKind.RateCard => RateCard(explanation),
        LineKind.TrueUp or LineKind.CarryForward or LineKind.Absorbed =>
            $"It is the difference between what the pool cost and what version {explanation.RateCard} of the rate card "
            + "charged.",
        LineKind.Shared => Shared(explanation),
    };

    private static string RateCard(Explanation explanation) => string.Create(
        CultureInfo.InvariantCulture,
        $"{explanation.Driver!.Quantity} are charged at the prices of version {explanation.RateCard} of the rate card.");

    private static string Shared(Explanation explanation)
    {
        var driver = explanation.Driver!;
        var kind = JsonNamingPolicy.CamelCase.ConvertName(driver.Kind.ToString());
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{explanation.Pool.Shared} of it were shared by {driver.Service ?? driver.Statistic ?? kind}: {driver.Quantity} of "
            + $"{driver.TotalQuantity}, which is a share of {driver.Share}.");
    }

    private static string Rounding(Explanation explanation)
    {
        var rounding = explanation.Rounding;
        var unit = rounding.CutOff.Currency.MinorUnit;
        var cutOff = string.Create(CultureInfo.InvariantCulture, $"{rounding.Exact} is cut off to {rounding.CutOff}");
        return rounding.Units == 0
            ? $"{cutOff}."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{cutOff}; its fraction was among the largest, so {rounding.Units * unit} was added for an exact sum.");
    }
}
