using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>
/// Everything that one allocation run is calculated from. The order inside the lists carries no meaning.
/// </summary>
public sealed record AllocationInput
{
    public required Period Period { get; init; }

    /// <summary>The currency of the provider's books; every amount is in it.</summary>
    public required Currency Currency { get; init; }

    public required AllocationMethod Method { get; init; }

    /// <summary>
    /// Codes of the departments that can bear cost. The two of <see cref="DepartmentCodes"/> belong to them always.
    /// </summary>
    public required IReadOnlyList<string> Departments { get; init; }

    public required IReadOnlyList<CostPool> Pools { get; init; }

    /// <summary>
    /// Use by all external customers together per service code, zeros included, in the service's unit: what the
    /// external side finalized for the month.
    /// </summary>
    public IReadOnlyDictionary<string, decimal> ExternalUsage { get; init; } = new Dictionary<string, decimal>();

    /// <summary>Every department that can bear cost, once, in ordinal order.</summary>
    internal SortedSet<string> AllDepartments() =>
        new(
            [.. Departments, DepartmentCodes.ExternalBusiness, DepartmentCodes.Unallocated],
            StringComparer.Ordinal);
}

/// <summary>How a pool's cost finds its way through other pools to the departments.</summary>
public enum AllocationMethod
{
    /// <summary>Only departments count among a pool's consumers.</summary>
    Direct,

    /// <summary>Pools are closed one after another by their order; a closed pool receives nothing any more.</summary>
    StepDown,

    /// <summary>What pools consume of each other is solved simultaneously and exactly.</summary>
    Reciprocal,
}

/// <summary>The month's cost of one service, or of something that supports several.</summary>
public sealed record CostPool
{
    public required string Code { get; init; }

    /// <summary>Code of the service whose cost this is; null for a support pool.</summary>
    public string? Service { get; init; }

    public IReadOnlyList<CostEntry> Entries { get; init; } = [];

    /// <summary>How much of the pool's output each consumer used, at most one quantity per consumer.</summary>
    public IReadOnlyList<DriverQuantity> Drivers { get; init; } = [];

    public PoolRule Rule { get; init; } = new();

    /// <summary>The prices that departments pay instead of the cost; null for cost recovery.</summary>
    public RateCardCharging? RateCard { get; init; }
}

/// <summary>Cost of a pool, as it was recorded or as the sum of several records of the same assignee.</summary>
/// <param name="Assignee">Who bears it.</param>
/// <param name="Amount">Exact, below 10^13 in absolute value, at most 15 decimals. Credits are negative.</param>
/// <param name="Rows">How many records it is the sum of.</param>
public sealed record CostEntry(Assignee Assignee, decimal Amount, long Rows = 1);

/// <summary>How much one consumer used.</summary>
/// <param name="Consumer">The department or pool.</param>
/// <param name="Quantity">Not negative, below 10^13, at most 15 decimals; in the driver's unit.</param>
public sealed record DriverQuantity(Consumer Consumer, decimal Quantity);

/// <summary>How a pool's shared cost is driven.</summary>
public sealed record PoolRule
{
    public DriverKind Driver { get; init; } = DriverKind.Usage;

    /// <summary>Step-down closes the lowest first; equal orders by code. Other methods do not look at it.</summary>
    public int Order { get; init; }

    public WhenZero WhenZero { get; init; } = WhenZero.Refuse;

    /// <summary>What the pool could do in the month; null where its users bear all of its cost.</summary>
    public Capacity? Capacity { get; init; }
}

/// <summary>
/// Practical capacity of a pool (time-driven activity-based costing, Kaplan and Anderson 2004): the rate is cost ÷
/// capacity, so users pay for what they used and the owner for the rest. Use beyond capacity keeps the rate, and the
/// owner gets back what is recovered too much.
/// </summary>
/// <param name="Practical">Above zero, below 10^13, at most 15 decimals; in the driver's unit.</param>
/// <param name="Owner">The department that bears unused capacity.</param>
public sealed record Capacity(decimal Practical, string Owner);

/// <summary>What a driver's quantities are.</summary>
public enum DriverKind
{
    /// <summary>Use of the service, in its unit. Nothing used is a driver of zero, never a missing one.</summary>
    Usage,

    /// <summary>The same for every named consumer; the quantities are not looked at.</summary>
    Even,

    /// <summary>Percentages agreed beforehand, which total exactly 100.</summary>
    FixedPercent,

    /// <summary>Heads of the month.</summary>
    Headcount,

    /// <summary>Another statistic of the month, such as floor area.</summary>
    Statistic,

    /// <summary>Time worked for the consumer.</summary>
    Time,
}

/// <summary>What happens to a pool whose driver quantities are all zero. Cost never vanishes.</summary>
public enum WhenZero
{
    /// <summary>The run is refused with <c>driver-zero</c>.</summary>
    Refuse,

    /// <summary>The named consumers share it evenly.</summary>
    Even,

    /// <summary>It stands at <see cref="DepartmentCodes.Unallocated"/>.</summary>
    Unallocated,
}
