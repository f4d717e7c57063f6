using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Pricing;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>How a line came about.</summary>
public sealed record ExplainedLine
{
    /// <summary>Code of the plan whose version sets the price.</summary>
    public required string Plan { get; init; }

    public required int PlanVersion { get; init; }

    /// <summary>Why the line is on the invoice.</summary>
    public required LineKind Kind { get; init; }

    /// <summary>How the quantity becomes an amount; null for what is missing to a commitment.</summary>
    public required ChargeModel? Price { get; init; }

    /// <summary>Days that the line pays for.</summary>
    public required int DaysServed { get; init; }

    /// <summary>Days that a full price is for.</summary>
    public required int DaysOfPeriod { get; init; }

    /// <summary>The usage as it is counted now, up to what had arrived for the invoice; null for agreed fees.</summary>
    public required MeteredUsageView? Usage { get; init; }

    /// <summary>The priced parts, in their order.</summary>
    public required IReadOnlyList<RatingStep> Steps { get; init; }

    /// <summary>Their sum, unrounded: a whole number or an exact fraction.</summary>
    public required string Exact { get; init; }

    /// <summary>What the line would say if it were made now.</summary>
    public required LineFigures Recomputed { get; init; }

    /// <summary>What it says.</summary>
    public required LineFigures Stored { get; init; }

    /// <summary>Whether every figure is the same.</summary>
    public required bool IsEqual { get; init; }
}

/// <summary>The figures of a line.</summary>
public sealed record LineFigures
{
    public required decimal Quantity { get; init; }

    public required decimal Price { get; init; }

    public required decimal BaseQuantity { get; init; }

    /// <summary>What the meter said; null for agreed fees.</summary>
    public required decimal? MeteredQuantity { get; init; }

    /// <summary>How many usage events that was; null for agreed fees.</summary>
    public required long? Events { get; init; }

    /// <summary>Sum of the discounts.</summary>
    public required Money Allowances { get; init; }

    public required Money Net { get; init; }
}
