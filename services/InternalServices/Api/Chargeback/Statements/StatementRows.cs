using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Statements;

/// <summary>Statements as they are stored; the tenant of the transaction decides which are seen.</summary>
internal static class StatementRows
{
    public static async Task<Statement?> Load(Transaction transaction, Guid id) =>
        (await transaction.SingleOrDefault<Row>(Select, new { Id = id }))?.ToStatement();

    /// <summary>The latest first; of one month, of one department, or of all.</summary>
    public static async Task<IReadOnlyList<Statement>> LoadPage(
        Transaction transaction, Period? month, string? department, Guid before, int fetch) =>
    [
        .. (await transaction.Query<Row>(
                SelectPage, new { Month = month, Department = department, Before = before, Fetch = fetch }))
            .Select(row => row.ToStatement()),
    ];

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
        };
    }

    private const string Select = """
        select id, month, department_code as department, run_id, state, currency, total, version, issued_at
        from chargeback.statements
        where id = @Id
        """;

    private const string SelectPage = """
        select id, month, department_code as department, run_id, state, currency, total, version, issued_at
        from chargeback.statements
        where id < @Before
            and (@Month::date is null or month = @Month)
            and (@Department::text is null or department_code = @Department)
        order by id desc
        limit @Fetch
        """;
}
