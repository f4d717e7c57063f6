using System.Text.Json;
using InternalServices.Domain.Chargeback.Runs;

namespace InternalServices.Domain.Tests.Chargeback;

/// <summary>Every case of <c>allocation.json</c>: totals, lines, warnings, or the refusal with its pools.</summary>
public sealed class AllocationCases
{
    private static readonly Cases All = new("allocation");

    public static TheoryData<string> Names => All.Where(input => input.Text("method") != "rateCard");

    public static TheoryData<string> RateCards => All.Where(input => input.Text("method") == "rateCard");

    [Fact]
    public void No_case_is_left_out() => Assert.Equal(All.Names.Count, Names.Count + RateCards.Count);

    [Theory]
    [MemberData(nameof(Names))]
    public void Gives_the_published_figures(string name)
    {
        var outcome = Allocation.Calculate(AllocationCase.InputOf(All[name].GetProperty("input")));
        var expected = All[name].GetProperty("expected");
        if (expected.TryGetProperty("refused", out var refused))
        {
            Assert.Equal(refused.GetString(), outcome.Refusal?.Code);
            Assert.Equal(
                expected.GetProperty("pools").EnumerateArray().Select(pool => $"/pools/{pool.GetString()}"),
                outcome.Refusal!.Fields!.Select(field => field.Pointer));
            return;
        }

        Assert.Null(outcome.Refusal);
        AssertTotals(expected, outcome.Value);
        AssertLines(expected.GetProperty("lines"), outcome.Value);
        AssertWarnings(expected, outcome.Value);
        AssertCapacity(expected, outcome.Value);
        AssertKind(expected, "charges", outcome.Value, LineKind.RateCard);
        AssertKind(expected, "trueUp", outcome.Value, LineKind.TrueUp);
    }

    [Theory]
    [MemberData(nameof(RateCards))]
    public void Gives_the_published_charges(string name)
    {
        var pool = All[name].GetProperty("input").Items("pools").Single();
        var card = AllocationCase.RateCardOf(pool.GetProperty("rateCard"));
        foreach (var (consumer, quantity) in AllocationCase.DecimalsOf(pool.GetProperty("drivers")))
        {
            var expected = All[name].GetProperty("expected").GetProperty("exact").Exact(consumer);
            Assert.Equal(expected, card.Charge(quantity));
        }
    }

    private static void AssertTotals(JsonElement expected, AllocationRun run)
    {
        var totals = AllocationCase.DecimalsOf(expected.GetProperty("totals")).ToDictionary();
        Assert.Equal(
            totals.OrderBy(total => total.Key, StringComparer.Ordinal).Select(total => (total.Key, total.Value)),
            run.Departments
                .Where(total => totals.ContainsKey(total.Department) || total.Amount != 0)
                .Select(total => (total.Department, total.Amount)));
        Assert.Equal(expected.Number("sum"), run.Certificate.PoolTotal);
        Assert.Equal(0, run.Certificate.Difference);
    }

    private static void AssertLines(JsonElement expected, AllocationRun run)
    {
        var lines = expected.EnumerateObject().SelectMany(pool =>
            AllocationCase.DecimalsOf(pool.Value).Select(line => (Pool: pool.Name, line.Code, line.Value)));
        Assert.Equal(
            lines.OrderBy(line => line.Pool, StringComparer.Ordinal).ThenBy(line => line.Code, StringComparer.Ordinal),
            run.Lines.GroupBy(line => (line.Pool, line.Department))
                .Select(lines => (lines.Key.Pool, lines.Key.Department, lines.Sum(line => line.Amount))));
    }

    private static void AssertWarnings(JsonElement expected, AllocationRun run)
    {
        var pools = expected.TryGetProperty("selfConsumptionIgnored", out var ignored)
            ? ignored.EnumerateArray().Select(pool => pool.GetString()!)
            : [];
        Assert.Equal(
            pools.Select(pool => ("self-consumption-ignored", pool)),
            run.Warnings.Select(warning => (warning.Code, warning.Pool)));
    }

    private static void AssertCapacity(JsonElement expected, AllocationRun run)
    {
        if (!expected.TryGetProperty("rate", out var rate))
        {
            return;
        }

        var pool = Assert.Single(run.Pools);
        Assert.Equal(rate.AsNumber(), pool.Capacity!.Rate);
        Assert.Equal(expected.Number("usedQuantity"), pool.Capacity.Used);
        Assert.Equal(expected.Number("unusedQuantity"), pool.Capacity.Unused);
        Assert.Equal(
            (expected.Number("unused"), -expected.Number("overRecovery", 0)),
            (TotalOf(run, LineKind.UnusedCapacity), TotalOf(run, LineKind.OverRecovery)));
    }

    private static void AssertKind(JsonElement expected, string member, AllocationRun run, LineKind kind)
    {
        if (!expected.TryGetProperty(member, out var amounts))
        {
            return;
        }

        Assert.Equal(
            AllocationCase.DecimalsOf(amounts),
            run.Lines.Where(line => line.Kind == kind).Select(line => (line.Department, line.Amount)));
        Assert.Equal(amounts.EnumerateObject().Sum(amount => amount.Value.AsNumber()), TotalOf(run, kind));
    }

    private static decimal TotalOf(AllocationRun run, LineKind kind) =>
        run.Lines.Where(line => line.Kind == kind).Sum(line => line.Amount);
}
