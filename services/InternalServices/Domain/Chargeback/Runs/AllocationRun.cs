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
    decimal Shared);

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

    /// <summary>The driver quantities that count, of all consumers; 0 for a direct cost.</summary>
    public decimal TotalQuantity { get; init; }

    /// <summary>
    /// Part of the pool's shared cost that ends here, 0 to 1 at fifteen decimals; 1 for a direct cost.
    /// </summary>
    public required decimal Share { get; init; }
}

public enum LineKind
{
    /// <summary>By the pool's driver.</summary>
    Shared,

    /// <summary>Assigned when the cost was recorded.</summary>
    Direct,
}

/// <summary>What a department bears over all pools, in whole minor units.</summary>
public sealed record DepartmentTotal(string Department, decimal Amount);

/// <summary>Something that somebody should look at, though the run stands.</summary>
/// <param name="Code"><c>self-consumption-ignored</c>.</param>
/// <param name="Pool">Where.</param>
/// <param name="Detail">For people.</param>
public sealed record AllocationWarning(string Code, string Pool, string Detail);
