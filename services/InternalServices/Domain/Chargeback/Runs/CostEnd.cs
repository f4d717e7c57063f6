namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>Where cost comes to rest: what a department consumed, or capacity of its own that nobody did.</summary>
/// <param name="Department">Who bears it.</param>
/// <param name="IsCapacity">Whether it is unused capacity.</param>
/// <param name="Service">
/// The service through whose use the cost came, told apart for external customers only: the external side needs to know
/// which usage carries it. Null for other departments and for support pools.
/// </param>
internal readonly record struct CostEnd(string Department, bool IsCapacity, string? Service = null)
{
    /// <summary>
    /// The order in which ties are decided: the lowest department, consumption before capacity, the lowest service.
    /// </summary>
    public static readonly IComparer<CostEnd> TieOrder = Comparer<CostEnd>.Create((left, right) =>
        string.CompareOrdinal(left.Department, right.Department) is var department and not 0 ? department
        : left.IsCapacity.CompareTo(right.IsCapacity) is var capacity and not 0 ? capacity
        : string.CompareOrdinal(left.Service, right.Service));

    public static CostEnd UseBy(string department, string? service) =>
        new(department, IsCapacity: false, department == DepartmentCodes.ExternalBusiness ? service : null);

    /// <summary>The end as it is posted: one line, whatever the services.</summary>
    public CostEnd Posted => this with { Service = null };
}
