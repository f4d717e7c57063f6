using System.Globalization;
using System.Text.Json;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Statements;

/// <summary>Says an explanation in sentences.</summary>
internal static class ExplanationText
{
    public static IReadOnlyList<string> Of(Explanation explanation) =>
        explanation.Dispute is { } dispute
            ? [Disputed(explanation, dispute)]
            : [.. Parts(explanation, explanation.Pool!).OfType<string>()];

    private static string Disputed(Explanation explanation, Explanation.DisputePart dispute) =>
        $"{dispute.Counterparty} bears {Unsigned(explanation.Amount)} of {dispute.PoolName} in {dispute.Month} instead "
        + $"of {dispute.Department}, as was decided in dispute {dispute.Id}: {dispute.Reason}";

    private static Money Unsigned(Money money) => money.Amount < 0 ? -money : money;

    private static IEnumerable<string?> Parts(Explanation explanation, Explanation.PoolPart pool)
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{pool.Name} cost {pool.Exact.Amount} {pool.Exact.Currency} in {explanation.Month}, "
            + $"the sum of {pool.Costs.Sum(cost => cost.Rows)} records, booked as {pool.Amount}.");
        yield return Late(explanation, pool);
        yield return Cause(explanation, pool);
        yield return Rounding(explanation);
    }

    private static string? Late(Explanation explanation, Explanation.PoolPart pool)
    {
        var origins = pool.Costs.Select(cost => cost.OriginMonth)
            .Where(origin => origin != explanation.Month)
            .Distinct()
            .Order()
            .ToList();
        return origins.Count == 0
            ? null
            : $"Part of it arose in {string.Join(", ", origins)} and came after that month's close.";
    }

    private static string Cause(Explanation explanation, Explanation.PoolPart pool) => explanation.Kind switch
    {
        LineKind.Direct => "The cost of this line was assigned when it was recorded.",
        LineKind.UnusedCapacity => $"{explanation.Department} owns the capacity that nobody used.",
        LineKind.OverRecovery =>
            $"{explanation.Department} owns the capacity, and use beyond it was charged at the same rate.",
        LineKind.RateCard => RateCard(explanation),
        LineKind.TrueUp or LineKind.CarryForward or LineKind.Absorbed =>
            $"It is the difference between what the pool cost and what version {explanation.RateCard} of the rate card "
            + "charged.",
        LineKind.Shared => Shared(explanation, pool),
        LineKind.DisputeCredit => Disputed(explanation, explanation.Dispute!),
    };

    private static string RateCard(Explanation explanation) => string.Create(
        CultureInfo.InvariantCulture,
        $"{explanation.Driver!.Quantity} are charged at the prices of version "
        + $"{explanation.RateCard} of the rate card.");

    private static string Shared(Explanation explanation, Explanation.PoolPart pool)
    {
        var driver = explanation.Driver!;
        var kind = JsonNamingPolicy.CamelCase.ConvertName(driver.Kind.ToString());
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{pool.Shared} of it were shared by {driver.Service ?? driver.Statistic ?? kind}: {driver.Quantity} of "
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
                $"{cutOff}; its fraction was among the largest, "
                + $"so {rounding.Units * unit} was added for an exact sum.");
    }
}
