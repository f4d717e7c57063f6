using InternalServices.Domain.Chargeback.CostImports;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.CostImports;

/// <summary>What became of one imported file.</summary>
public sealed record CostImport
{
    /// <summary>How many rejections stand in the import itself; all of them are a list of their own.</summary>
    public const int InlineRejections = 20;

    public required Guid Id { get; init; }

    public required CostImportState State { get; init; }

    /// <summary>SHA-256 of the file, unpacked, in hexadecimal: the same file is imported once.</summary>
    public required string ContentSha256 { get; init; }

    /// <summary>As far as the columns tell.</summary>
    public required FocusVersion FocusVersion { get; init; }

    /// <summary>Version of the mapping rules that were applied.</summary>
    public required long MappingVersion { get; init; }

    public required long RowsRead { get; init; }

    public required long RowsImported { get; init; }

    public required long RowsRejected { get; init; }

    /// <summary>Exact sum of what was imported.</summary>
    public required ExactMoney Total { get; init; }

    /// <summary>What the file covers, and what has replaced it since.</summary>
    public required IReadOnlyList<Scope> Scopes { get; init; }

    /// <summary>The rates by which costs in other currencies were converted.</summary>
    public required IReadOnlyList<Conversion> Conversions { get; init; }

    /// <summary>By month and pool, exact.</summary>
    public required IReadOnlyList<PoolTotal> Totals { get; init; }

    /// <summary>The first of them.</summary>
    public required IReadOnlyList<Rejection> Rejections { get; init; }

    public required DateTimeOffset ImportedAt { get; init; }

    public required DateTimeOffset? ReversedAt { get; init; }

    /// <summary>What a corrected file replaces as one.</summary>
    public sealed record Scope
    {
        public required string Provider { get; init; }

        public required string BillingAccount { get; init; }

        public required DateTimeOffset BillingPeriodStart { get; init; }

        public required long Rows { get; init; }

        public required ExactMoney Amount { get; init; }

        /// <summary>The import that replaced it.</summary>
        public required Guid? ReplacedBy { get; init; }
    }

    /// <summary>Costs in another currency, converted at the rate that held on the last day of their month.</summary>
    public sealed record Conversion
    {
        public required Period OriginMonth { get; init; }

        public required ExactMoney Original { get; init; }

        /// <summary>The day from which the rate holds.</summary>
        public required DateOnly RateDay { get; init; }

        public required decimal Rate { get; init; }

        public required ExactMoney Amount { get; init; }
    }

    public sealed record PoolTotal
    {
        /// <summary>The month whose books it is in.</summary>
        public required Period Month { get; init; }

        /// <summary>The month of the charges; earlier than <c>month</c> for what came after the close.</summary>
        public required Period OriginMonth { get; init; }

        public required string Pool { get; init; }

        public required long Rows { get; init; }

        public required ExactMoney Amount { get; init; }
    }

    /// <summary>Why a row was not imported.</summary>
    public sealed record Rejection
    {
        /// <summary>Where the row starts in the file; the header is line 1.</summary>
        public required long Line { get; init; }

        /// <summary>The cell's column; none when the row as a whole is broken.</summary>
        public required string? Column { get; init; }

        public required string Code { get; init; }

        public required string Detail { get; init; }
    }
}

public enum CostImportState
{
    /// <summary>Something of it counts.</summary>
    Standing,

    /// <summary>Corrected files have replaced all of it.</summary>
    Replaced,

    /// <summary>It was taken back.</summary>
    Reversed,
}
