using System.Text.Json;
using InternalServices.Domain.Chargeback.Disputes;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Json;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Disputes;

/// <summary>Disputes as they are stored; the tenant of the transaction decides which are seen.</summary>
internal static class DisputeRows
{
    public static async Task<Dispute?> Load(Transaction transaction, Guid id) =>
        (await transaction.SingleOrDefault<Row>(Select, new { Id = id }))?.ToDispute();

    /// <summary>
    /// The dispute, which nobody else changes until the commit, nor its statement: whoever changes both takes the
    /// statement first.
    /// </summary>
    public static async Task<Dispute?> LoadForUpdate(Transaction transaction, Guid id)
    {
        if (await transaction.Scalar<Guid?>(SelectStatementForUpdate, new { Id = id }) is null) return null;
        return (await transaction.Single<Row>(SelectForUpdate, new { Id = id })).ToDispute();
    }

    /// <summary>The latest first.</summary>
    public static async Task<IReadOnlyList<Dispute>> LoadPage(
        Transaction transaction, DisputeFilter filter, Guid before, int fetch) =>
    [
        .. (await transaction.Query<Row>(
                SelectPage,
                new
                {
                    filter.Month,
                    filter.Department,
                    filter.Statement,
                    filter.Undecided,
                    Before = before,
                    Fetch = fetch,
                }))
            .Select(row => row.ToDispute()),
    ];

    /// <summary>The statement is settled once none of its disputes waits for a decision.</summary>
    public static Task SettleStatement(Transaction transaction, Guid statement) =>
        transaction.Execute(UpdateSettled, new { Statement = statement, transaction.Now });

    private sealed record Row
    {
        public required Guid Id { get; init; }

        public required Guid StatementId { get; init; }

        public required Guid LineId { get; init; }

        public required string Department { get; init; }

        public required Period Month { get; init; }

        public required Currency Currency { get; init; }

        public required DisputeState State { get; init; }

        public required long Version { get; init; }

        public required decimal Claimed { get; init; }

        public required string Reason { get; init; }

        public required string Evidence { get; init; }

        public required DateTimeOffset OpenedAt { get; init; }

        public required string OpenedBy { get; init; }

        public DateTimeOffset? ReviewedAt { get; init; }

        public string? ReviewedBy { get; init; }

        public DateTimeOffset? DecidedAt { get; init; }

        public string? DecidedBy { get; init; }

        public string? Explanation { get; init; }

        public decimal? Granted { get; init; }

        public string? Counterparty { get; init; }

        public Period? BookedMonth { get; init; }

        public Dispute ToDispute() => new()
        {
            Id = Id,
            StatementId = StatementId,
            LineId = LineId,
            Department = Department,
            Month = Month,
            State = State,
            Claimed = new Money(Claimed, Currency),
            Reason = Reason,
            Evidence = JsonSerializer.Deserialize<IReadOnlyList<Dispute.EvidenceItem>>(Evidence, Wire.Options)!,
            OpenedAt = OpenedAt,
            OpenedBy = OpenedBy,
            ReviewedAt = ReviewedAt,
            ReviewedBy = ReviewedBy,
            DecidedAt = DecidedAt,
            DecidedBy = DecidedBy,
            Explanation = Explanation,
            Granted = Granted is { } granted ? new Money(granted, Currency) : null,
            Counterparty = Counterparty,
            BookedMonth = BookedMonth,
            Version = Version,
        };
    }

    private const string Select = """
        select dispute.id, dispute.statement_id, dispute.line_id, dispute.department_code as department,
            statement.month, statement.currency, dispute.state, dispute.version, dispute.claimed, dispute.reason,
            dispute.evidence::text as evidence, dispute.opened_at, dispute.opened_by, dispute.reviewed_at,
            dispute.reviewed_by, dispute.decided_at, dispute.decided_by, dispute.explanation, dispute.granted,
            dispute.counterparty_code as counterparty, dispute.booked_month
        from chargeback.disputes dispute
        join chargeback.statements statement on statement.id = dispute.statement_id
        where dispute.id = @Id
        """;

    private const string SelectForUpdate = $"{Select} for update of dispute";

    private const string SelectStatementForUpdate = """
        select statement.id
        from chargeback.statements statement
        where statement.id = (select statement_id from chargeback.disputes where id = @Id)
        for update
        """;

    private const string SelectPage = """
        select dispute.id, dispute.statement_id, dispute.line_id, dispute.department_code as department,
            statement.month, statement.currency, dispute.state, dispute.version, dispute.claimed, dispute.reason,
            dispute.evidence::text as evidence, dispute.opened_at, dispute.opened_by, dispute.reviewed_at,
            dispute.reviewed_by, dispute.decided_at, dispute.decided_by, dispute.explanation, dispute.granted,
            dispute.counterparty_code as counterparty, dispute.booked_month
        from chargeback.disputes dispute
        join chargeback.statements statement on statement.id = dispute.statement_id
        where dispute.id < @Before and (@Statement::uuid is null or dispute.statement_id = @Statement)
            and (@Month::date is null or statement.month = @Month)
            and (@Department::text is null or dispute.department_code = @Department)
            and (@Undecided::boolean is null or @Undecided = (dispute.decided_at is null))
        order by dispute.id desc
        limit @Fetch
        """;

    private const string UpdateSettled = """
        update chargeback.statements
        set state = 'settled', version = version + 1, settled_at = @Now
        where id = @Statement and state = 'disputed'
            and not exists (
                select from chargeback.disputes
                where statement_id = @Statement and state in ('open', 'underReview'))
        """;
}
