using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Budgets;

/// <summary>What a department plans to bear, month by month; a version never changes.</summary>
public sealed record Budget
{
    public required string Department { get; init; }

    /// <summary>Its first month; names the budget.</summary>
    public required Period From { get; init; }

    public required long Version { get; init; }

    public required IReadOnlyList<PlannedMonth> Months { get; init; }

    /// <summary>Of all its months.</summary>
    public required Money Total { get; init; }

    /// <summary>Why this version was made.</summary>
    public required string Reason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public sealed record PlannedMonth
    {
        public required Period Month { get; init; }

        public required Money Amount { get; init; }
    }
}
