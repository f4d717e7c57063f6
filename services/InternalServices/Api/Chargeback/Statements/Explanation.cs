using InternalServices.Api.Chargeback.Costs;
using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Statements;

/// <summary>Why a line of a statement says what it says, to the cent.</summary>
public sealed record Explanation
{
    public required Guid LineId { get; init; }

    public required Guid StatementId { get; init; }

    public required Period Month { get; init; }

    public required string Department { get; init; }

    public required LineKind Kind { get; init; }

    public required Money Amount { get; init; }

    /// <summary>None for what a dispute moved.</summary>
    public required PoolPart? Pool { get; init; }

    /// <summary>The dispute that moved the amount; none for other lines.</summary>
    public required DisputePart? Dispute { get; init; }

    /// <summary>What drove it; none for a cost that was assigned directly.</summary>
    public required DriverPart? Driver { get; init; }

    /// <summary>Version of the rate card by which the pool's service was charged.</summary>
    public required long? RateCard { get; init; }

    public required RoundingPart Rounding { get; init; }

    /// <summary>
    /// Where the pool's cost, and that of the pools it went through, went in one step, as far as it led here.
    /// </summary>
    public required IReadOnlyList<FlowPart> Flows { get; init; }

    /// <summary>The same in sentences.</summary>
    public required IReadOnlyList<string> Sentences { get; init; }

    /// <summary>An accepted dispute about a line of an earlier statement.</summary>
    public sealed record DisputePart
    {
        public required Guid Id { get; init; }

        /// <summary>The line's pool.</summary>
        public required string PoolName { get; init; }

        /// <summary>The statement's month.</summary>
        public required Period Month { get; init; }

        /// <summary>Credited.</summary>
        public required string Department { get; init; }

        /// <summary>Bears it instead.</summary>
        public required string Counterparty { get; init; }

        /// <summary>Why it was decided so.</summary>
        public required string Reason { get; init; }
    }

    /// <summary>What the pool cost.</summary>
    public sealed record PoolPart
    {
        public required string Code { get; init; }

        public required string Name { get; init; }

        /// <summary>What it is made of, by origin, kind and who bears it.</summary>
        public required IReadOnlyList<CostPart> Costs { get; init; }

        /// <summary>Their sum.</summary>
        public required ExactMoney Exact { get; init; }

        public required Money Amount { get; init; }

        /// <summary>Minor units that it got when the total of all pools was rounded: 0 or 1.</summary>
        public required int RoundingUnits { get; init; }

        /// <summary>What its driver distributed.</summary>
        public required Money Shared { get; init; }
    }

    public sealed record CostPart
    {
        /// <summary>Earlier than the statement's month for what came after that month's close.</summary>
        public required Period OriginMonth { get; init; }

        public required EntryKind Kind { get; init; }

        /// <summary>Whether the pool's driver shares it, or a department or customer bears it directly.</summary>
        public required AssigneeKind Bearer { get; init; }

        public required long Rows { get; init; }

        public required ExactMoney Amount { get; init; }
    }

    public sealed record DriverPart
    {
        public required DriverKind Kind { get; init; }

        /// <summary>Code of the service whose usage counts.</summary>
        public required string? Service { get; init; }

        /// <summary>Code of the statistic that counts.</summary>
        public required string? Statistic { get; init; }

        public required AllocationMethod Method { get; init; }

        /// <summary>The department's own.</summary>
        public required decimal Quantity { get; init; }

        /// <summary>Of all consumers, or the practical capacity.</summary>
        public required decimal TotalQuantity { get; init; }

        /// <summary>Part of the shared cost that ends here, at fifteen decimals.</summary>
        public required decimal Share { get; init; }
    }

    public sealed record RoundingPart
    {
        /// <summary>Before rounding, at fifteen decimals.</summary>
        public required decimal Exact { get; init; }

        /// <summary>The amount without what rounding added.</summary>
        public required Money CutOff { get; init; }

        /// <summary>Minor units that rounding added.</summary>
        public required int Units { get; init; }

        /// <summary>Departments whose lines of this pool got one: those with the largest fractions.</summary>
        public required IReadOnlyList<string> ReceivedBy { get; init; }
    }

    public sealed record FlowPart
    {
        public required string Pool { get; init; }

        public required ConsumerKind ConsumerKind { get; init; }

        /// <summary>The department itself, or a pool on the way to it.</summary>
        public required string Consumer { get; init; }

        public required decimal Quantity { get; init; }

        public required decimal TotalQuantity { get; init; }
    }
}
