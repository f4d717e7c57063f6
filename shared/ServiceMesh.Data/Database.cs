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
    /// Takes on the tenant and the read-only mode in one round trip, which also carries the BEGIN. A writing
    /// transaction of the provider needs none: its BEGIN travels with its first statement.
    /// </summary>
    private Task Begin(Transaction transaction, Tenant tenant, Access access)
    {
        const string readOnly = "select set_config('transaction_read_only', 'on', true)";
        const string tenantWrites = "select set_config('role', @role, true), set_config(@setting, @code, true)";
        const string tenantReads = $"{readOnly}, set_config('role', @role, true), set_config(@setting, @code, true)";

        return (access, tenant.Setting) switch
        {
            (Access.Write, null) => Task.CompletedTask,
            (Access.Read, null) => transaction.Execute(readOnly),
            (Access.Write, _) => transaction.Execute(tenantWrites, Identity(tenant)),
            (Access.Read, _) => transaction.Execute(tenantReads, Identity(tenant)),
        };
    }

    private object Identity(Tenant tenant) =>
        new { role = options.TenantRole, setting = tenant.Setting, code = tenant.Code };

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
