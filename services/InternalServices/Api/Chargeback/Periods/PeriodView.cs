using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Periods;

/// <summary>Reads cost months with what their close waits for.</summary>
internal static class PeriodView
{
    private const string ExternalServices = "external-services";

    /// <summary>A month that nothing has concerned yet is open.</summary>
    public static async Task<CostPeriod> Load(Transaction transaction, Period month) =>
        (await transaction.SingleOrDefault<Row>(Select, new { Month = month }))?.ToPeriod()
        ?? new CostPeriod
        {
            Month = month,
            State = PeriodState.Open,
            RunId = null,
            ClosingSince = null,
            ClosedAt = null,
            ReopenedAt = null,
            ReopenedBy = null,
            ReopeningReason = null,
            WaitingFor = null,
            BlockedBy = null,
            Version = 0,
        };

    public static async Task<IReadOnlyList<CostPeriod>> LoadPage(Transaction transaction, Period before, int fetch) =>
    [
        .. (await transaction.Query<Row>(SelectPage, new { Before = before, Fetch = fetch }))
            .Select(row => row.ToPeriod()),
    ];

    private sealed record Row
    {
        public required Period Month { get; init; }

        public required PeriodState State { get; init; }

        public required long Version { get; init; }

        public Guid? RunId { get; init; }

        public DateTimeOffset? ClosingSince { get; init; }

        public DateTimeOffset? ClosedAt { get; init; }

        public DateTimeOffset? ReopenedAt { get; init; }

        public string? ReopenedBy { get; init; }

        public string? ReopeningReason { get; init; }

        public DateTimeOffset? BlockedSince { get; init; }

        public string? BlockedCode { get; init; }

        public string? BlockedDetail { get; init; }

        public required string[] BlockedPointers { get; init; }

        public DateTimeOffset? PostedAt { get; init; }

        public DateTimeOffset? UsageFinalAt { get; init; }

        public CostPeriod ToPeriod() => new()
        {
            Month = Month,
            State = State,
            RunId = RunId,
            ClosingSince = ClosingSince,
            ClosedAt = ClosedAt,
            ReopenedAt = ReopenedAt,
            ReopenedBy = ReopenedBy,
            ReopeningReason = ReopeningReason,
            WaitingFor = Waiting(),
            BlockedBy = BlockedCode is null ? null : new CostPeriod.Blocked
            {
                Code = BlockedCode,
                Detail = BlockedDetail!,
                Pointers = BlockedPointers,
                Since = BlockedSince!.Value,
            },
            Version = Version,
        };

        private CostPeriod.Waiting? Waiting() =>
            State != PeriodState.Closing || BlockedCode is not null ? null
            : UsageFinalAt is not { } counted || counted < ClosingSince || PostedAt is not { } posted
                ? WaitingFor("usage-finalized", ClosingSince!.Value)
                : WaitingFor("profitability-calculated", posted > counted ? posted : counted);

        private static CostPeriod.Waiting WaitingFor(string what, DateTimeOffset since) =>
            new() { Party = ExternalServices, What = what, Since = since };
    }

    private const string Select = """
        select period.month, period.state, period.version, run.id as run_id, period.closing_since, period.closed_at,
            period.reopened_at, period.reopened_by, period.reopening_reason, period.blocked_since, period.blocked_code,
            period.blocked_detail, period.blocked_pointers, run.posted_at, final.received_at as usage_final_at
        from chargeback.periods period
        left join chargeback.external_usage_finalizations final on final.month = period.month
        left join chargeback.runs run on run.month = period.month and run.state = 'posted'
        where period.month = @Month
        """;

    private const string SelectPage = """
        select period.month, period.state, period.version, run.id as run_id, period.closing_since, period.closed_at,
            period.reopened_at, period.reopened_by, period.reopening_reason, period.blocked_since, period.blocked_code,
            period.blocked_detail, period.blocked_pointers, run.posted_at, final.received_at as usage_final_at
        from chargeback.periods period
        left join chargeback.external_usage_finalizations final on final.month = period.month
        left join chargeback.runs run on run.month = period.month and run.state = 'posted'
        where period.month < @Before
        order by period.month desc
        limit @Fetch
        """;
}
