using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Statistics;

/// <summary>What is counted of a department in a month; drivers share cost by it.</summary>
public sealed record DepartmentStatistics
{
    /// <summary>Code of the department.</summary>
    public required string Department { get; init; }

    public required Period Month { get; init; }

    /// <summary>By code; empty while nothing is counted.</summary>
    public required IReadOnlyList<Statistic> Statistics { get; init; }

    /// <summary>Grows with each change, from 0 for a month without any; the ETag.</summary>
    public required long Version { get; init; }

    public sealed record Statistic
    {
        /// <summary>What is counted, for example <c>headcount</c> or <c>floor-area</c>.</summary>
        public required string Code { get; init; }

        /// <summary>From 0, below 10^13, at most 15 decimals.</summary>
        public required decimal Quantity { get; init; }
    }
}
