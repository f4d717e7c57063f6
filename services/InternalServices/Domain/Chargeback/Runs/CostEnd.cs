namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>Where cost comes to rest: what a department consumed, or capacity of its own that nobody did.</summary>
internal readonly record struct CostEnd(string Department, bool IsCapacity)
{
    /// <summary>The order in which ties are decided: the lowest department, consumption before capacity.</summary>
    public static readonly IComparer<CostEnd> TieOrder = Comparer<CostEnd>.Create((left, right) =>
        string.CompareOrdinal(left.Department, right.Department) is var order and not 0
            ? order
            : left.IsCapacity.CompareTo(right.IsCapacity));
}
