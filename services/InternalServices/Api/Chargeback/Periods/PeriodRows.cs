using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Periods;

/// <summary>Cost months as they are stored.</summary>
internal static class PeriodRows
{
    /// <summary>
    /// Gives the month its row where it has none, and keeps all others from changing it until the commit.
    /// </summary>
    public static async Task<PeriodRow> Lock(Transaction transaction, Period month)
    {
        await transaction.Execute(InsertMonth, new { Month = month });
        return await transaction.Single<PeriodRow>(SelectForUpdate, new { Month = month });
    }

    public static Task Begin(Transaction transaction, Period month) =>
        transaction.Execute(UpdateClosing, new { Month = month, transaction.Now });

    public static Task End(Transaction transaction, Period month) =>
        transaction.Execute(UpdateClosed, new { Month = month, transaction.Now });

    public static Task Reopen(Transaction transaction, Period month, string reason, string subject) =>
        transaction.Execute(UpdateReopened, new { Month = month, transaction.Now, Reason = reason, Subject = subject });

    /// <summary>The close cannot go on until somebody has changed something.</summary>
    public static Task Block(Transaction transaction, Period month, Refusal refusal) =>
        transaction.Execute(
            UpdateBlocked,
            new
            {
                Month = month,
                refusal.Code,
                refusal.Detail,
                Pointers = refusal.Fields?.Select(field => field.Pointer).ToArray() ?? [],
                transaction.Now,
            });

    public static Task Unblock(Transaction transaction, Period month) =>
        transaction.Execute(UpdateUnblocked, new { Month = month });

    /// <summary>The month's version after its next event.</summary>
    public static Task<long> NextVersion(Transaction transaction, Period month) =>
        transaction.Scalar<long>(UpdateVersion, new { Month = month });

    private const string InsertMonth = """
        insert into chargeback.periods (month, state, version) values (@Month, 'open', 1)
        on conflict (month) do nothing
        """;

    private const string SelectForUpdate = """
        select month, state, closing_since from chargeback.periods where month = @Month for update
        """;

    private const string UpdateClosing = """
        update chargeback.periods
        set state = 'closing', version = version + 1, closing_since = @Now
        where month = @Month
        """;

    private const string UpdateClosed = """
        update chargeback.periods
        set state = 'closed', version = version + 1, closed_at = @Now, blocked_since = null, blocked_code = null,
            blocked_detail = null, blocked_pointers = '{}'
        where month = @Month
        """;

    private const string UpdateReopened = """
        update chargeback.periods
        set state = 'reopened', version = version + 1, closing_since = null, closed_at = null, reopened_at = @Now,
            reopened_by = @Subject, reopening_reason = @Reason
        where month = @Month
        """;

    private const string UpdateBlocked = """
        update chargeback.periods
        set version = version + 1, blocked_since = @Now, blocked_code = @Code, blocked_detail = @Detail,
            blocked_pointers = @Pointers
        where month = @Month
        """;

    private const string UpdateUnblocked = """
        update chargeback.periods
        set version = version + 1, blocked_since = null, blocked_code = null, blocked_detail = null,
            blocked_pointers = '{}'
        where month = @Month and blocked_code is not null
        """;

    private const string UpdateVersion = """
        update chargeback.periods set version = version + 1 where month = @Month returning version
        """;
}

/// <summary>A month whose row is held.</summary>
internal sealed record PeriodRow
{
    public required Period Month { get; init; }

    public required PeriodState State { get; init; }

    public DateTimeOffset? ClosingSince { get; init; }
}
