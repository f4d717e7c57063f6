using InternalServices.Domain.Chargeback.Runs;

namespace InternalServices.Api.Chargeback.RuleSets;

/// <summary>How every pool is driven; a version never changes.</summary>
public sealed record RuleSet
{
    public required long Version { get; init; }

    public required AllocationMethod Method { get; init; }

    public required IReadOnlyList<Rule> Rules { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    /// <summary>The rule of one pool.</summary>
    public sealed record Rule
    {
        /// <summary>Code of the pool.</summary>
        public required string Pool { get; init; }

        public required Driver Driver { get; init; }

        public WhenZero WhenZero { get; init; } = WhenZero.Refuse;

        /// <summary>Step-down closes the lowest first, equal ones by code; other methods do not look at it.</summary>
        public int Order { get; init; }

        /// <summary>
        /// What the pool could do in the month: users pay for what they used, the owner for the rest.
        /// </summary>
        public PracticalCapacity? Capacity { get; init; }
    }

    /// <summary>By what the pool's cost is shared.</summary>
    public sealed record Driver
    {
        public required DriverKind Kind { get; init; }

        /// <summary>Usage: code of the service whose usage of the month counts, external customers together.</summary>
        public string? Service { get; init; }

        /// <summary>
        /// Headcount, statistic and time: code of the statistic that counts, as it stands for each department in the
        /// month. Without one the consumers carry their quantities.
        /// </summary>
        public string? Statistic { get; init; }

        /// <summary>
        /// Who shares. For usage and a statistic only pools: what departments used, and what is counted of them, is
        /// recorded by the month.
        /// </summary>
        public IReadOnlyList<Consumer> Consumers { get; init; } = [];
    }

    /// <summary>A department or a pool that shares.</summary>
    public sealed record Consumer
    {
        /// <summary>Code of the department, one of the two special ones included.</summary>
        public string? Department { get; init; }

        /// <summary>Code of the pool; the direct method does not look at pools.</summary>
        public string? Pool { get; init; }

        /// <summary>
        /// Percentages that total exactly 100, or the quantity in the driver's unit; none for an even driver.
        /// </summary>
        public decimal? Quantity { get; init; }
    }

    public sealed record PracticalCapacity
    {
        /// <summary>In the driver's unit, above 0.</summary>
        public required decimal Practical { get; init; }

        /// <summary>Code of the department that bears what nobody used.</summary>
        public required string Owner { get; init; }
    }
}
