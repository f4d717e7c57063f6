using InternalServices.Domain.Chargeback.Statements;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Statements;

/// <summary>Statements as they are stored; the tenant of the transaction decides which are seen.</summary>
internal static class StatementRows
{
    public static async Task<Statement?> Load(Transaction transaction, Guid id) =>
        (await transaction.SingleOrDefault<Row>(Select, new { Id = id }))?.ToStatement();

    /// <summary>Like <see cref="Load"/>; nobody else changes it until the commit.</summary>
    public static async Task<Statement?> LoadForUpdate(Transaction transaction, Guid id) =>
        (await transaction.SingleOrDefault<Row>(SelectForUpdate, new { Id = id }))?.ToStatement();

    /// <summary>The latest month first, then by department; of one month, of one department, or of all.</summary>
    public static async Task<IReadOnlyList<Statement>> LoadPage(
        Transaction transaction, Period? month, string? department, StatementKey after, int fetch)
    {
        var rows = await transaction.Query<Row>(
            SelectPage,
            new
            {
                Month = month,
                Department = department,
                AfterMonth = after.Month,
                AfterDepartment = after.Department,
                AfterId = after.Id,
                Fetch = fetch,
            });
        return [.. rows.Select(row => row.ToStatement())];
    }

    private sealed record Row
    {
        public required Guid Id { get; init; }

        public required Period Month { get; init; }

        public required string Department { get; init; }

        public required Guid RunId { get; init; }

        public required StatementState State { get; init; }

        public required Currency Currency { get; init; }

        public required decimal Total { get; init; }

        public required long Version { get; init; }

        public required DateTimeOffset IssuedAt { get; init; }

        public DateTimeOffset? AcknowledgeBy { get; init; }

        public DateTimeOffset? AcknowledgedAt { get; init; }

        public string? AcknowledgedBy { get; init; }

        public DateTimeOffset? SettledAt { get; init; }

        public Statement ToStatement() => new()
        {
            Id = Id,
            Month = Month,
            Department = Department,
            RunId = RunId,
            State = State,
            Total = new Money(Total, Currency),
            Version = Version,
            IssuedAt = IssuedAt,
            AcknowledgeBy = AcknowledgeBy,
            Acknowledged = AcknowledgedAt is { } at ? new Acknowledgement { At = at, By = AcknowledgedBy } : null,
            SettledAt = SettledAt,
        };
    }

    private const string Select = """
        select id, month, department_code as department, run_id, state, currency, total, version, issued_at,
            acknowledge_by, acknowledged_at, acknowledged_by, settled_at
        from chargeback.statements
        where id = @Id
        """;

    private const string SelectForUpdate = $"{Select} for update";

    private const string SelectPage = """
        select id, month, department_code as department, run_id, state, currency, total, version, issued_at,
            acknowledge_by, acknowledged_at, acknowledged_by, settled_at
        from chargeback.statements
        where (month < @AfterMonth or (month = @AfterMonth and (department_code, id) > (@AfterDepartment, @AfterId)))
            and (@Month::date is null or month = @Month)
            and (@Department::text is null or department_code = @Department)
        order by month desc, department_code, id
        limit @Fetch
        """;
}

/// <summary>A statement's place in the list.</summary>
internal sealed record StatementKey(Period Month, string Department, Guid Id)
{
    private const char Separator = '/';

    private static readonly StatementKey Start = new(new Period(2199, 12), "", Guid.Empty);

    public static StatementKey Parse(string text) =>
        text.Split(Separator) is [var month, var department, var id]
        && Period.TryParse(month, null, out var parsed)
        && Guid.TryParse(id, out var guid)
            ? new StatementKey(parsed, department, guid)
            : Start;

    public override string ToString() => $"{Month}{Separator}{Department}{Separator}{Id}";
}
