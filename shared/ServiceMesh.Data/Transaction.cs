using Dapper;
using Npgsql;

namespace ServiceMesh.Data;

/// <summary>One transaction of the database, with Dapper's calls as methods.</summary>
/// <remarks>Parameters are the members of an object; bulk writes pass arrays and <c>unnest</c> them.</remarks>
public sealed class Transaction
{
    private readonly NpgsqlTransaction _transaction;
    private readonly CancellationToken _cancellation;
    private List<Action>? _afterCommit;

    internal Transaction(NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellation)
    {
        _transaction = transaction;
        _cancellation = cancellation;
        Now = now;
    }

    /// <summary>One instant for the whole transaction, as precise as the database stores it.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>For what Dapper does not do, such as COPY.</summary>
    public NpgsqlConnection Connection =>
        _transaction.Connection ?? throw new InvalidOperationException("The transaction is over.");

    /// <summary>Cancelled when the caller no longer waits.</summary>
    public CancellationToken Cancellation => _cancellation;

    public async Task<IReadOnlyList<T>> Query<T>(string sql, object? parameters = null) =>
        (await Connection.QueryAsync<T>(Command(sql, parameters))).AsList();

    /// <summary>
    /// Rows as they arrive, for results too large to hold. Nothing else may run until it is read to the end.
    /// </summary>
    public IAsyncEnumerable<T> Stream<T>(string sql, object? parameters = null) =>
        Connection.QueryUnbufferedAsync<T>(sql, parameters, _transaction);

    /// <summary>The one row.</summary>
    /// <exception cref="InvalidOperationException">There is none, or more than one.</exception>
    public Task<T> Single<T>(string sql, object? parameters = null) =>
        Connection.QuerySingleAsync<T>(Command(sql, parameters));

    /// <summary>The one row, or null when there is none.</summary>
    public Task<T?> SingleOrDefault<T>(string sql, object? parameters = null) =>
        Connection.QuerySingleOrDefaultAsync<T>(Command(sql, parameters));

    /// <summary>The first column of the first row, or null when there is none.</summary>
    public Task<T?> Scalar<T>(string sql, object? parameters = null) =>
        Connection.ExecuteScalarAsync<T>(Command(sql, parameters));

    /// <summary>How many rows it changed.</summary>
    public Task<int> Execute(string sql, object? parameters = null) =>
        Connection.ExecuteAsync(Command(sql, parameters));

    /// <summary>
    /// Runs when the commit has succeeded, and never otherwise. It must be quick and cannot fail the caller.
    /// </summary>
    public void AfterCommit(Action action) => (_afterCommit ??= []).Add(action);

    internal IReadOnlyList<Action> Committed => _afterCommit ?? (IReadOnlyList<Action>)[];

    private CommandDefinition Command(string sql, object? parameters) =>
        new(sql, parameters, _transaction, cancellationToken: _cancellation);
}
