using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>
/// Who bears what of a month, in whole minor units. Pools, departments and lines are in ordinal order of their codes,
/// so the same inputs give the same run byte for byte.
/// </summary>
public sealed record AllocationRun
{
    public required Period Period { get; init; }

    public required Currency Currency { get; init; }

    public required AllocationMethod Method { get; init; }

    public required IReadOnlyList<PoolResult> Pools { get; init; }

    public required IReadOnlyList<AllocationLine> Lines { get; init; }

    /// <summary>How cost flows between pools and departments in this method, per pool and consumer.</summary>
    public required IReadOnlyList<PoolFlow> Flows { get; init; }

    /// <summary>Every department that can bear cost, with what it bears.</summary>
    public required IReadOnlyList<DepartmentTotal> Departments { get; init; }

    public required ExternalCosts External { get; init; }

    public required IReadOnlyList<AllocationWarning> Warnings { get; init; }

    public required Certificate Certificate { get; init; }
}

/// <summary>What one pool cost.</summary>
/// <param name="Code">The pool.</param>
/// <param name="Service">The service whose cost it is; null for a support pool.</param>
/// <param name="Exact">Sum of its entries.</param>
/// <param name="Amount">In whole minor units; equal to the sum of its lines.</param>
/// <param name="RoundingUnits">Minor units that it got above its exact amount cut off towards −∞: 0 or 1.</param>
/// <param name="SharedExact">Sum of the entries that its driver distributes.</param>
/// <param name="Shared">What its driver distributes, in whole minor units.</param>
public sealed record PoolResult(
    string Code,
    string? Service,
    decimal Exact,
    decimal Amount,
    int RoundingUnits,
    decimal SharedExact,
    decimal Shared)
{
    /// <summary>How much of its capacity was used; null without a capacity.</summary>
    public CapacityUse? Capacity { get; init; }
}

/// <summary>How much of a pool's practical capacity was used, in the driver's unit.</summary>
/// <param name="Practical">What could be used.</param>
/// <param name="Used">What the consumers that count used.</param>
/// <param name="Unused">What they left; 0 for use beyond capacity.</param>
/// <param name="Rate">Shared cost ÷ practical capacity at twelve decimals, for display; null from 10^12.</param>
public sealed record CapacityUse(decimal Practical, decimal Used, decimal Unused, decimal? Rate);

/// <summary>Where a pool's cost goes in one step, before the method follows it through other pools.</summary>
/// <param name="Pool">From where.</param>
/// <param name="To">The consumer; the owner of capacity that nobody used.</param>
/// <param name="Quantity">Used, or left unused; negative for use beyond capacity.</param>
/// <param name="TotalQuantity">Of all consumers that count, or the practical capacity.</param>
/// <param name="IsCapacity">Whether the quantity is capacity rather than use.</param>
public sealed record PoolFlow(
    string Pool, Consumer To, decimal Quantity, decimal TotalQuantity, bool IsCapacity = false);

/// <summary>What one department, or one customer within <c>EXTERNAL-BUSINESS</c>, bears of one pool, and why.</summary>
public sealed record AllocationLine
{
    public required string Pool { get; init; }

    public required string Department { get; init; }

    /// <summary>The external customer of a direct cost.</summary>
    public string? Customer { get; init; }

    public required LineKind Kind { get; init; }

    /// <summary>In whole minor units.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Before rounding, at fifteen decimals.</summary>
    public required decimal Exact { get; init; }

    /// <summary>
    /// Minor units that rounding added to the amount cut off: 0 or 1, or −1 in a negative shared line, which mirrors a
    /// positive one.
    /// </summary>
    public required int RoundingUnits { get; init; }

    /// <summary>The department's own driver quantity of the pool; 0 for a direct cost.</summary>
    public decimal Quantity { get; init; }

    /// <summary>The driver quantities that count, of all consumers, or the capacity; 0 for a direct cost.</summary>
    public decimal TotalQuantity { get; init; }

    /// <summary>
    /// Part of the pool's shared cost that ends here, at fifteen decimals; 0 to 1, but for over-recovery and use beyond
    /// capacity; 1 for a direct cost, 0 for a price.
    /// </summary>
    public required decimal Share { get; init; }

    /// <summary>
    /// For external customers: through the use of which services the amount came; sums to it. Empty for others.
    /// </summary>
    public IReadOnlyList<ServiceAmount> ByService { get; init; } = [];
}

/// <summary>Cost that came through the use of one service.</summary>
/// <param name="Service">Its code; null for use of a support pool, which no service's usage explains.</param>
/// <param name="Amount">In whole minor units.</param>
public sealed record ServiceAmount(string? Service, decimal Amount);

public enum LineKind
{
    /// <summary>By the pool's driver.</summary>
    Shared,

    /// <summary>Assigned when the cost was recorded.</summary>
    Direct,

    /// <summary>Capacity that nobody used, at its owner.</summary>
    UnusedCapacity,

    /// <summary>What use beyond capacity recovers too much: negative, at the capacity's owner.</summary>
    OverRecovery,

    /// <summary>Quantity at the prices of the rate card.</summary>
    RateCard,

    /// <summary>Actual cost less all charges by rate card, by the shares of the method.</summary>
    TrueUp,

    /// <summary>The same difference as a balance of the service's owner, for the next month.</summary>
    CarryForward,

    /// <summary>The same difference borne by the service's owner for good.</summary>
    Absorbed,

    /// <summary>
    /// What a dispute about an earlier line moved between departments: in statements, never in a run.
    /// </summary>
    DisputeCredit,
}

/// <summary>What a department bears over all pools, in whole minor units.</summary>
public sealed record DepartmentTotal(string Department, decimal Amount);

/// <summary>Something that somebody should look at, though the run stands.</summary>
/// <param name="Code"><c>self-consumption-ignored</c>.</param>
/// <param name="Pool">Where.</param>
/// <param name="Detail">For people.</param>
public sealed record AllocationWarning(string Code, string Pool, string Detail);
