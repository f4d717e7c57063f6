using System.Data;
using Microsoft.Extensions.Logging;
using Npgsql;
using ServiceMesh.Primitives;

namespace ServiceMesh.Data;

/// <summary>The service's database: every read and write goes through one of its transactions.</summary>
/// <remarks>
/// Work runs again when the database asks for it (a serialization failure, a deadlock) or was out of reach before the
/// commit, so it must not have effects outside the transaction; those go to <see cref="Transaction.AfterCommit"/>.
/// </remarks>
public sealed partial class Database(
    NpgsqlDataSource source, DatabaseOptions options, TimeProvider time, ILogger<Database> logger)
{
    private readonly Polly.ResiliencePipeline _retry = Faults.Retry(time, logger);

    /// <summary>Commits when the work gives a value; rolls back when it refuses or throws.</summary>
    public Task<Outcome<T>> InTransaction<T>(
        Tenant tenant, Func<Transaction, Task<Outcome<T>>> work, CancellationToken cancellation) =>
        Run(tenant, Access.Write, work, outcome => !outcome.IsRefused, cancellation);

    /// <summary>Commits when the work gives a value; rolls back when it throws.</summary>
    public Task<T> InTransaction<T>(
        Tenant tenant, Func<Transaction, Task<T>> work, CancellationToken cancellation) =>
        Run(tenant, Access.Write, work, _ => true, cancellation);

    /// <summary>Commits when the work ends; rolls back when it throws.</summary>
    public Task InTransaction(Tenant tenant, Func<Transaction, Task> work, CancellationToken cancellation) =>
        Run(tenant, Access.Write, Nothing(work), _ => true, cancellation);

    /// <summary>Reads one consistent snapshot; a write fails.</summary>
    public Task<T> Read<T>(Tenant tenant, Func<Transaction, Task<T>> work, CancellationToken cancellation) =>
        Run(tenant, Access.Read, work, _ => true, cancellation);

    private async Task<T> Run<T>(
        Tenant tenant,
        Access access,
        Func<Transaction, Task<T>> work,
        Func<T, bool> keeps,
        CancellationToken cancellation)
    {
        var (result, committed) = await _retry.ExecuteAsync(
            async ct => await Attempt(tenant, access, work, keeps, ct), cancellation);
        foreach (var action in committed) RunAfterCommit(action);
        return result;
    }

    private async Task<(T Result, IReadOnlyList<Action> Committed)> Attempt<T>(
        Tenant tenant,
        Access access,
        Func<Transaction, Task<T>> work,
        Func<T, bool> keeps,
        CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var begun = await connection.BeginTransactionAsync(IsolationOf(access), cancellation);
        var transaction = new Transaction(begun, Now(), cancellation);
        await Begin(transaction, tenant, access);

        var result = await work(transaction);
        if (!keeps(result)) return (result, []);

        await Commit(begun);
        return (result, transaction.Committed);
    }

    private static IsolationLevel IsolationOf(Access access) => access switch
    {
        Access.Read => IsolationLevel.RepeatableRead,
        Access.Write => IsolationLevel.ReadCommitted,
    };

    /// <summary>
    /// Takes on the tenant, the actor and the read-only mode in one round trip, which also carries the BEGIN. A writing
    /// transaction of the provider that nobody acts in needs none: its BEGIN travels with its first statement.
    /// </summary>
    private Task Begin(Transaction transaction, Tenant tenant, Access access)
    {
        const string reads = "select set_config('transaction_read_only', 'on', true)";
        const string isTenant = "set_config('role', @role, true), set_config(@setting, @code, true)";
        const string acts = """
            set_config('audit.actor', @actor, true), set_config('audit.party', @party, true),
            set_config('audit.operation', @operation, true), set_config('audit.reason', @reason, true),
            set_config('audit.trace', @trace, true)
            """;

        var sql = (access, IsTenant: tenant.Setting is not null, Acts: Actor.Current is not null) switch
        {
            (Access.Read, false, _) => reads,
            (Access.Read, true, _) => $"{reads}, {isTenant}",
            (Access.Write, false, false) => null,
            (Access.Write, true, false) => "select " + isTenant,
            (Access.Write, false, true) => "select " + acts,
            (Access.Write, true, true) => "select " + acts + ", " + isTenant,
        };
        return sql is null ? Task.CompletedTask : transaction.Execute(sql, Identity(tenant, Actor.Current));
    }

    private object Identity(Tenant tenant, Actor? actor) => new
    {
        role = tenant.Setting is null ? null : options.TenantRole,
        setting = tenant.Setting,
        code = tenant.Code,
        actor = actor?.Name,
        party = actor?.Party ?? "",
        operation = actor?.Operation,
        reason = actor?.Reason ?? "",
        trace = actor?.TraceId ?? "",
    };

    /// <summary>Is not cancelled: a commit that was sent is waited for.</summary>
    private static async Task Commit(NpgsqlTransaction transaction)
    {
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception fault) when (!IsAnswer(fault))
        {
            throw new CommitUnknownException(fault);
        }
    }

    /// <summary>The server said that it did not commit; anything else leaves it open.</summary>
    private static bool IsAnswer(Exception fault) =>
        fault is PostgresException
        {
            SqlState: not (PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown),
        };

    /// <summary>As precise as PostgreSQL stores it, so that what was written equals what is read.</summary>
    private DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    private void RunAfterCommit(Action action)
    {
        try
        {
            action();
        }
        catch (Exception fault)
        {
            AfterCommitFailed(logger, fault);
        }
    }

    private static Func<Transaction, Task<bool>> Nothing(Func<Transaction, Task> work) => async transaction =>
    {
        await work(transaction);
        return true;
    };

    [LoggerMessage(LogLevel.Error, "What should follow a commit failed; the commit stands")]
    private static partial void AfterCommitFailed(ILogger logger, Exception fault);

    private enum Access
    {
        Read,
        Write,
    }
}
