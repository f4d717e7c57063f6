using System.Text.Json;
using InternalServices.Domain.Chargeback.Runs;

namespace InternalServices.Domain.Tests.Chargeback;

/// <summary>Every case of <c>allocation.json</c>: totals, lines, warnings, or the refusal with its pools.</summary>
public sealed class AllocationCases
{
    private static readonly Cases All = new("allocation");

    public static TheoryData<string> Names => All.Where(input => input.Text("method") == "direct"
        && !input.Items("pools").Any(pool =>
            pool.TryGetProperty("capacity", out _) || pool.TryGetProperty("rateCard", out _)));

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
            run.Lines.Select(line => (line.Pool, line.Department, line.Amount)));
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
}
