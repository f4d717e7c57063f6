namespace ServiceMesh.Contracts;

/// <summary>The state of one service of the catalogue after a change. Aggregate: the service's code.</summary>
[Event("internal.service-catalog-changed")]
public sealed record ServiceCatalogChanged : Event
{
    public required string Code { get; init; }

    public required string Name { get; init; }

    /// <summary>What one unit of use is, for example <c>GB-month</c>.</summary>
    public required string Unit { get; init; }

    /// <summary><c>internal</c>, <c>external</c> or <c>both</c>: whose usage drives its cost.</summary>
    public required string Audience { get; init; }

    public required bool Active { get; init; }
}

/// <summary>A cost month is being closed: usage of the month is to be finalized. Aggregate: the month.</summary>
[Event("internal.cost-period-closing")]
public sealed record CostPeriodClosing : Event
{
    public required string Month { get; init; }
}

/// <summary>
/// The external side of one posted allocation run. Σ services' cost + Σ direct costs + overhead residual is the
/// external share of the month. Aggregate: the month.
/// </summary>
[Event("internal.unit-costs-published")]
public sealed record UnitCostsPublished : Event
{
    public required Guid RunId { get; init; }

    public required string Month { get; init; }

    public required string Currency { get; init; }

    /// <summary><c>direct</c>, <c>stepDown</c> or <c>reciprocal</c>.</summary>
    public required string Method { get; init; }

    /// <summary>Hash of everything that the run was calculated from.</summary>
    public required string InputHash { get; init; }

    public required IReadOnlyList<ServiceCost> Services { get; init; }

    public required IReadOnlyList<CustomerCost> DirectCosts { get; init; }

    /// <summary>External share of support pools that no service's usage can be given for.</summary>
    public required decimal OverheadResidual { get; init; }
}

/// <summary>What one service cost for all external customers together.</summary>
public sealed record ServiceCost
{
    public required string Service { get; init; }

    public required decimal Cost { get; init; }

    /// <summary>Use by external customers, in the service's unit.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>Cost ÷ quantity at twelve decimals, for display; null without use.</summary>
    public required decimal? UnitCost { get; init; }

    /// <summary>Capacity paid for and not used, in the service's unit; never pushed onto customers.</summary>
    public required decimal UnusedCapacity { get; init; }
}

/// <summary>A cost that the import assigned to one customer.</summary>
public sealed record CustomerCost
{
    public required string Customer { get; init; }

    public required decimal Cost { get; init; }
}

/// <summary>Both sides agree to the cent and the month is closed. Aggregate: the month.</summary>
[Event("internal.cost-period-closed")]
public sealed record CostPeriodClosed : Event
{
    public required Guid RunId { get; init; }

    public required string Month { get; init; }

    /// <summary>Σ cost of external customers that both sides reckoned.</summary>
    public required decimal ExternalShare { get; init; }

    public required string Currency { get; init; }
}

/// <summary>The latest closed month takes costs again and will be closed again. Aggregate: the month.</summary>
[Event("internal.cost-period-reopened")]
public sealed record CostPeriodReopened : Event
{
    public required string Month { get; init; }

    public required string Reason { get; init; }
}

/// <summary>A department's statement of a month was issued. Aggregate: the statement.</summary>
[Event("internal.statement-issued", Unconsumed = true)]
public sealed record StatementIssued : Event
{
    public required string Department { get; init; }

    public required string Month { get; init; }

    public required decimal Total { get; init; }

    public required string Currency { get; init; }
}

/// <summary>
/// What a department is charged has reached a part of its budget, or will go beyond it. Told once for each version,
/// signal and threshold. Aggregate: the department and the budget's first month, as <c>SALES/2026-01</c>.
/// </summary>
[Event("internal.budget-threshold-crossed", Unconsumed = true)]
public sealed record BudgetThresholdCrossed : Event
{
    public required string Department { get; init; }

    /// <summary>The budget's first month.</summary>
    public required string From { get; init; }

    /// <summary>The budget's version.</summary>
    public required long Version { get; init; }

    /// <summary><c>used</c> (reached), <c>exceeded</c>, <c>pace</c> or <c>forecast</c> (beyond).</summary>
    public required string Signal { get; init; }

    /// <summary>In percent of the budget.</summary>
    public required int Threshold { get; init; }

    /// <summary>What is charged, or forecast.</summary>
    public required decimal Amount { get; init; }

    /// <summary>What it is compared with: all of the budget, or for the pace its part to date.</summary>
    public required decimal Budget { get; init; }

    public required string Currency { get; init; }
}
