using System.Text.Json;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Json;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Runs;

/// <summary>Runs as they are stored.</summary>
internal static class RunRows
{
    public static async Task<Run?> Load(Transaction transaction, Guid id) =>
        (await transaction.SingleOrDefault<Row>(Select, new { Id = id }))?.ToRun();

    /// <summary>Like <see cref="Load"/>; nobody else changes it until the commit.</summary>
    public static async Task<Run?> LoadForUpdate(Transaction transaction, Guid id) =>
        (await transaction.SingleOrDefault<Row>(SelectForUpdate, new { Id = id }))?.ToRun();

    /// <summary>The posted run of the month, if there is one.</summary>
    public static async Task<Run?> LoadPosted(Transaction transaction, Period month) =>
        await transaction.Scalar<Guid?>(SelectPosted, new { Month = month }) is { } id
            ? await Load(transaction, id)
            : null;

    /// <summary>The runs of a month, or of all, the latest first.</summary>
    public static async Task<IReadOnlyList<Run>> LoadPage(
        Transaction transaction, Period? month, Guid before, int fetch) =>
    [
        .. (await transaction.Query<Row>(SelectPage, new { Month = month, Before = before, Fetch = fetch }))
            .Select(row => row.ToRun()),
    ];

    private sealed record Row
    {
        public required Guid Id { get; init; }

        public required Period Month { get; init; }

        public required RunState State { get; init; }

        public required long Version { get; init; }

        public required long RuleSetVersion { get; init; }

        public required AllocationMethod Method { get; init; }

        public required Currency Currency { get; init; }

        public required string InputHash { get; init; }

        public required bool ExternalUsageFinal { get; init; }

        public required decimal PoolTotal { get; init; }

        public required decimal DepartmentTotal { get; init; }

        public required decimal ExternalShare { get; init; }

        public required decimal Unallocated { get; init; }

        public required decimal OverheadResidual { get; init; }

        public required string Warnings { get; init; }

        public required DateTimeOffset CalculatedAt { get; init; }

        public required string CalculatedBy { get; init; }

        public DateTimeOffset? PostedAt { get; init; }

        public string? PostedBy { get; init; }

        public DateTimeOffset? ReversedAt { get; init; }

        public string? ReversedBy { get; init; }

        public string? ReversalReason { get; init; }

        public Run ToRun() => new()
        {
            Id = Id,
            Month = Month,
            State = State,
            RuleSet = RuleSetVersion,
            Method = Method,
            InputHash = InputHash,
            ExternalUsageFinal = ExternalUsageFinal,
            PoolTotal = Booked(PoolTotal),
            DepartmentTotal = Booked(DepartmentTotal),
            ExternalShare = Booked(ExternalShare),
            Unallocated = Booked(Unallocated),
            OverheadResidual = Booked(OverheadResidual),
            Warnings = JsonSerializer.Deserialize<IReadOnlyList<AllocationWarning>>(Warnings, Wire.Options)!,
            Version = Version,
            CalculatedAt = CalculatedAt,
            CalculatedBy = CalculatedBy,
            PostedAt = PostedAt,
            PostedBy = PostedBy,
            ReversedAt = ReversedAt,
            ReversedBy = ReversedBy,
            ReversalReason = ReversalReason,
        };

        private Money Booked(decimal amount) => new Money(amount, Currency);
    }

    private const string Select = """
        select id, month, state, version, rule_set_version, method, currency, input_hash, external_usage_final,
            pool_total, department_total, external_share, unallocated, overhead_residual, warnings::text as warnings,
            calculated_at,
            calculated_by, posted_at, posted_by, reversed_at, reversed_by, reversal_reason
        from chargeback.runs
        where id = @Id
        """;

    private const string SelectForUpdate = $"{Select} for update";

    private const string SelectPosted = "select id from chargeback.runs where month = @Month and state = 'posted'";

    private const string SelectPage = """
        select id, month, state, version, rule_set_version, method, currency, input_hash, external_usage_final,
            pool_total, department_total, external_share, unallocated, overhead_residual, warnings::text as warnings,
            calculated_at,
            calculated_by, posted_at, posted_by, reversed_at, reversed_by, reversal_reason
        from chargeback.runs
        where id < @Before and (@Month::date is null or month = @Month)
        order by id desc
        limit @Fetch
        """;
}
