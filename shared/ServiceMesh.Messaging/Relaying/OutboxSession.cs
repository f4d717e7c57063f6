using Npgsql;
using NpgsqlTypes;
using ServiceMesh.Data;

namespace ServiceMesh.Messaging.Relaying;

/// <summary>The relay's own connection to the outbox. Who holds its lock is the one relay of the service.</summary>
internal sealed class OutboxSession : IAsyncDisposable
{
    /// <summary>Wakes the active relay from another replica.</summary>
    private const string Channel = "messaging_outbox";

    /// <summary>Any number; it is unique within the service's database.</summary>
    private const long LeaderLock = 7_164_001;

    // Losing a removal in a crash means one more duplicate, which inboxes ignore: no need to wait for the disk. The
    // other settings let the server notice a vanished machine and free the lock for another replica.
    private const string SessionSettings =
        "-c synchronous_commit=off -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

    private readonly NpgsqlConnection _connection;

    private OutboxSession(NpgsqlConnection connection) => _connection = connection;

    public static async Task<OutboxSession> Open(DatabaseOptions options, CancellationToken cancellation)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            Pooling = false,
            KeepAlive = 10,
            Options = SessionSettings,

            // The list of taken events is part of the plan: it becomes a hash table only when its length is known.
            MaxAutoPrepare = 0,
        };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellation);
        return new(connection);
    }

    /// <summary>Whether this is now the one that relays; it is until the connection ends.</summary>
    public async Task<bool> TryLead(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"select pg_try_advisory_lock({LeaderLock})", _connection);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Tells the active relay, wherever it is, that there is something new.</summary>
    public Task Notify(CancellationToken cancellation) => Execute($"notify {Channel}", cancellation);

    /// <summary>Waits for such calls, on a connection that does nothing else.</summary>
    public async Task Listen(Action notified, CancellationToken cancellation)
    {
        await Execute($"listen {Channel}", cancellation);
        while (true)
        {
            await _connection.WaitAsync(cancellation);
            notified();
        }
    }

    /// <summary>Removes what was confirmed and reads what comes next, in one round trip.</summary>
    public async Task<List<WaitingEvent>> Exchange(
        List<long> confirmed,
        IReadOnlyCollection<long> taken,
        int room,
        DateTimeOffset now,
        CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(_connection);
        if (confirmed.Count > 0) batch.BatchCommands.Add(new(Remove) { Parameters = { Positions(confirmed) } });
        if (room > 0)
        {
            batch.BatchCommands.Add(new(Read)
            {
                Parameters = { Positions([.. taken]), new() { Value = now }, new() { Value = room } },
            });
        }

        var events = new List<WaitingEvent>();
        if (batch.BatchCommands.Count == 0) return events;
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) events.Add(Event(reader));
        return events;
    }

    private const string Remove = "delete from messaging.outbox where position = any($1)";

    private const string Read = """
        select position, event_id, name, aggregate_id, occurred_at, trace_parent, attempts, body
        from messaging.outbox as waiting
        where position <> all($1)
          and not exists (
            select from messaging.outbox as failed
            where failed.attempts > 0
              and failed.aggregate_id = waiting.aggregate_id
              and failed.position <= waiting.position
              and (failed.parked_at is not null or failed.retry_at > $2))
        order by position
        limit $3
        """;

    /// <summary>
    /// Holds the event, and with it the later ones of its aggregate, until a later time or for an operator.
    /// </summary>
    public async Task Fail(
        WaitingEvent failed,
        string failure,
        DateTimeOffset? parkedAt,
        DateTimeOffset retryAt,
        CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Hold, _connection)
        {
            Parameters =
            {
                new() { Value = failed.Position },
                new() { Value = failure },
                new() { Value = retryAt },
                new() { Value = (object?)parkedAt ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
            },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private const string Hold = """
        update messaging.outbox
        set attempts = attempts + 1, failure = $2, retry_at = $3, parked_at = $4
        where position = $1
        """;

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task Execute(string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlParameter Positions(List<long> positions) =>
        new() { Value = positions, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };

    private static WaitingEvent Event(NpgsqlDataReader reader) => new(
        reader.GetInt64(0),
        reader.GetGuid(1),
        reader.GetString(2),
        reader.GetString(3),
        reader.GetFieldValue<DateTimeOffset>(4),
        reader.IsDBNull(5) ? null : reader.GetString(5),
        reader.GetInt32(6),
        reader.GetFieldValue<byte[]>(7));
}
