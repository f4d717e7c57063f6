using ServiceMesh.Data;
using ServiceMesh.Messaging.Relaying;

namespace ServiceMesh.Messaging;

/// <summary>The outbox as an operator sees it.</summary>
public sealed class ParkedEvents
{
    /// <summary>More at a time are not listed.</summary>
    public const int ListedAtMost = 500;

    private readonly Database _database;
    private readonly RelaySignal _signal;

    internal ParkedEvents(Database database, RelaySignal signal)
    {
        _database = database;
        _signal = signal;
    }

    /// <summary>The oldest parked events first.</summary>
    public Task<IReadOnlyList<ParkedEvent>> List(int limit, CancellationToken cancellation) => _database.Read(
        Tenant.Provider,
        transaction => transaction.Query<ParkedEvent>(Select, new { limit = Math.Min(limit, ListedAtMost) }),
        cancellation);

    private const string Select = """
        select
          event_id, name, aggregate_id, occurred_at, parked_at, attempts, failure,
          (select count(*) from messaging.outbox as later
           where later.aggregate_id = parked.aggregate_id and later.position > parked.position) as held_back,
          convert_from(body, 'UTF8') as body
        from messaging.outbox as parked
        where attempts > 0 and parked_at is not null
        order by position
        limit @limit
        """;

    /// <summary>Lets these events, and those behind them, try again.</summary>
    /// <param name="events">Their ids.</param>
    /// <param name="alongside">What else the transaction does.</param>
    /// <param name="cancellation">Stops it before its commit.</param>
    /// <returns>How many of them were parked.</returns>
    public Task<int> Replay(
        IReadOnlyCollection<Guid> events, Func<Transaction, Task> alongside, CancellationToken cancellation) =>
        Change(Release, events, alongside, cancellation);

    private const string Release = """
        update messaging.outbox
        set attempts = 0, failure = null, retry_at = null, parked_at = null
        where attempts > 0 and parked_at is not null and event_id = any(@ids)
        """;

    /// <summary>Gives these events up, and lets those behind them go.</summary>
    /// <inheritdoc cref="Replay"/>
    public Task<int> Discard(
        IReadOnlyCollection<Guid> events, Func<Transaction, Task> alongside, CancellationToken cancellation) =>
        Change(Delete, events, alongside, cancellation);

    private const string Delete = """
        delete from messaging.outbox
        where attempts > 0 and parked_at is not null and event_id = any(@ids)
        """;

    internal Task<(long Depth, DateTimeOffset? Oldest, long Parked)> Count(CancellationToken cancellation) =>
        _database.Read(
            Tenant.Provider,
            transaction => transaction.Single<(long, DateTimeOffset?, long)>(Totals),
            cancellation);

    private const string Totals = """
        select
          (select count(*) from messaging.outbox),
          (select occurred_at from messaging.outbox order by position limit 1),
          (select count(*) from messaging.outbox where attempts > 0 and parked_at is not null)
        """;

    private Task<int> Change(
        string sql,
        IReadOnlyCollection<Guid> events,
        Func<Transaction, Task> alongside,
        CancellationToken cancellation) =>
        _database.InTransaction(
            Tenant.Provider,
            async transaction =>
            {
                transaction.AfterCommit(_signal.Committed);
                await alongside(transaction);
                return await transaction.Execute(sql, new { ids = events.ToArray() });
            },
            cancellation);
}
