using System.Globalization;
using Npgsql;
using Testing.Servers;

namespace Testing.Databases;

/// <summary>A database of its own on the shared server, with the roles of the service it stands for.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private const string RowsOfAllTables = """
        select string_agg(
            format('%s.%s %s', schemaname, tablename, (xpath('/row/rows/text()', query_to_xml(
                format(
                    'select concat(count(*), '' '', sum(hashtext(t::text))) as rows from %I.%I t',
                    schemaname,
                    tablename),
                false, true, '')))[1]),
            E'\n' order by schemaname, tablename)
        from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema', 'messaging')
            and (schemaname, tablename) not in (('audit', 'seals'), ('audit', 'unsealed'))
        """;

    private static int _made;

    private readonly string _service;

    private TestDatabase(PostgresServer server, string service, string name)
    {
        Server = server;
        _service = service;
        Name = name;
    }

    public PostgresServer Server { get; }

    public string Name { get; }

    public string AppRole => $"{_service}_app";

    public string OwnerRole => $"{_service}_owner";

    /// <summary>What a service is configured with, as arguments of its command line.</summary>
    public IReadOnlyList<string> Settings =>
    [
        $"--Database:Host={Server.Host}",
        $"--Database:Port={Server.Port}",
        $"--Database:Name={Name}",
        $"--Database:Username={AppRole}",
        $"--Database:Password={Server.PasswordOf(AppRole)}",
        $"--Database:OwnerUsername={OwnerRole}",
        $"--Database:OwnerPassword={Server.PasswordOf(OwnerRole)}",
    ];

    /// <summary>For the superuser, who sees and may do everything.</summary>
    public string SuperuserConnectionString => Server.ConnectionString(Name);

    public string OwnerConnectionString => Server.ConnectionString(Name, OwnerRole);

    public string AppConnectionString => Server.ConnectionString(Name, AppRole);

    /// <summary>
    /// Counts and hashes of the rows of every table, but for messages on their way and the seals of the audit trail.
    /// </summary>
    public async Task<string> Digest()
    {
        await using var connection = new NpgsqlConnection(SuperuserConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(RowsOfAllTables, connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    internal static TestDatabase Named(PostgresServer server, string service)
    {
        var number = Interlocked.Increment(ref _made);
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{service}_{Environment.ProcessId}_{number}");
        return new(server, service, name);
    }

    public async ValueTask DisposeAsync()
    {
        await using var connection = await Server.Open();
        await using var command = new NpgsqlCommand($"drop database if exists {Name} with (force)", connection);
        await command.ExecuteNonQueryAsync();
    }
}
