using System.Diagnostics;
using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Primitives;

namespace Benchmarks;

/// <summary>An exact reciprocal run over 300 pools, each consumed by all others and by 300 departments.</summary>
internal static class ReciprocalAllocation
{
    private const int Size = 300;
    private const int Runs = 5;

    public static Task<IReadOnlyList<Figure>> Measure() =>
        Task.FromResult<IReadOnlyList<Figure>>(
        [
            Measure("whole quantities", decimals: 0),
            Measure("quantities of 15 decimals", decimals: 15),
        ]);

    private static Figure Measure(string what, byte decimals)
    {
        var input = Dense(decimals);
        List<double> milliseconds = [];
        for (var i = 0; i <= Runs; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var run = Allocation.Calculate(input).Value;
            var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            if (run.Certificate.Difference != 0) throw new InvalidOperationException("The run leaks.");
            if (i > 0) milliseconds.Add(elapsed);
        }

        return new(
            $"reciprocal, {Size} pools × {Size} departments, {what}",
            $"{Pairs.Median(milliseconds):N0} ms",
            "–",
            "–",
            "≤ 1,000 ms");
    }

    private static AllocationInput Dense(byte decimals)
    {
        var draw = 1u;
        return new AllocationInput
        {
            Period = new Period(2026, 11),
            Currency = Currency.Of("EUR"),
            Method = AllocationMethod.Reciprocal,
            Departments = [.. Enumerable.Range(0, Size).Select(department => $"D{department}")],
            Pools =
            [
                .. Enumerable.Range(0, Size).Select(pool => new CostPool
                {
                    Code = $"P{pool}",
                    Entries = [new CostEntry(Assignee.Shared, Next(8) / 100m)],
                    Drivers =
                    [
                        .. Enumerable.Range(0, Size).SelectMany(other => new[]
                        {
                            new DriverQuantity(Consumer.Department($"D{other}"), Quantity()),
                            new DriverQuantity(Consumer.Pool($"P{other}"), Quantity()),
                        }),
                    ],
                }),
            ],
        };

        decimal Quantity() => 1 + Next(3) + (decimals == 0 ? 0 : Next(9) / 1_000_000_000m + Next(6) * 1e-15m);

        // Numerical Recipes' generator: the figures of two runs are of the same input.
        decimal Next(int digits)
        {
            draw = unchecked(draw * 1664525 + 1013904223);
            return draw % (uint)Math.Pow(10, digits);
        }
    }
}
