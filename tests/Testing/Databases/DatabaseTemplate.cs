using Npgsql;
using Testing.Servers;

namespace Testing.Databases;

/// <summary>
/// A service's database, migrated once for each state of its migrations and then copied: a copy takes a fraction of
/// what the migrations take. Processes share the template.
/// </summary>
/// <param name="service">The database's name in production, and of its roles: <c>internal_services</c>.</param>
/// <param name="fingerprint">Another one for other migrations, see <see cref="Migrations.Fingerprint"/>.</param>
/// <param name="migrate">Migrates the empty database that it is given.</param>
public sealed class DatabaseTemplate(string service, string fingerprint, Func<TestDatabase, Task> migrate)
{
    private readonly string _name = $"template_{service}_{fingerprint}";
    private readonly Lock _alone = new();
    private Task? _prepared;

    /// <summary>A fresh database of its own, dropped when it is disposed of.</summary>
    public async Task<TestDatabase> CreateDatabase()
    {
        var server = (await TestServers.Find()).Postgres;
        lock (_alone) _prepared ??= Prepare(server);
        await _prepared;
        var database = TestDatabase.Named(server, service);
        await using var connection = await server.Open();
        await Create(connection, database.Name, template: _name);
        return database;
    }

    /// <summary>The lock is the connection's: it ends with it.</summary>
    private async Task Prepare(PostgresServer server)
    {
        await using var connection = await server.Open();
        await Execute(connection, $"select pg_advisory_lock(hashtext('{_name}'))");
        if (!await Exists(connection)) await Migrate(server, connection);
    }

    private async Task<bool> Exists(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("select from pg_database where datname = @name", connection)
        {
            Parameters = { new("name", _name) },
        };
        await using var reader = await command.ExecuteReaderAsync();
        return reader.HasRows;
    }

    /// <summary>The template gets its name last: a half-migrated one is never found.</summary>
    private async Task Migrate(PostgresServer server, NpgsqlConnection connection)
    {
        await using var database = TestDatabase.Named(server, service);
        await Create(connection, database.Name, template: "template1");
        await migrate(database);
        await Execute(
            connection,
            $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database.Name}'");
        await Execute(connection, $"alter database {database.Name} rename to {_name}");
    }

    private async Task Create(NpgsqlConnection connection, string name, string template)
    {
        await Execute(connection, $"create database {name} owner {service}_owner template {template}");
        await Execute(
            connection,
            $"revoke all on database {name} from public; grant connect on database {name} to {service}_app");
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
