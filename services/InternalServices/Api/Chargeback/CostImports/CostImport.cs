using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.CostImports;

/// <summary>What became of one imported file.</summary>
public sealed record CostImport
{
    /// <summary>How many rejections stand in the import itself; all of them are a list of their own.</summary>
    public const int InlineRejections = 20;

    public required Guid Id { get; init; }

    /// <summary>SHA-256 of the file in hexadecimal: the same file is imported once.</summary>
    public required string ContentSha256 { get; init; }

    /// <summary>Version of the mapping rules that were applied.</summary>
    public required long MappingVersion { get; init; }

    public required long RowsRead { get; init; }

    public required long RowsImported { get; init; }

    public required long RowsRejected { get; init; }

    /// <summary>Exact sum of what was imported.</summary>
    public required ExactMoney Total { get; init; }

    /// <summary>By month and pool, exact.</summary>
    public required IReadOnlyList<PoolTotal> Totals { get; init; }

    /// <summary>The first of them.</summary>
    public required IReadOnlyList<Rejection> Rejections { get; init; }

    public required DateTimeOffset ImportedAt { get; init; }

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
