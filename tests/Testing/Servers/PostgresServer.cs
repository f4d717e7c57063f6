using Npgsql;

namespace Testing.Servers;

/// <summary>A PostgreSQL on which the tests are superuser and the roles of the mesh exist.</summary>
/// <param name="Secrets">The folder with the roles' passwords; without one they have the superuser's.</param>
public sealed record PostgresServer(string Host, int Port, string Username, string Password, string? Secrets = null)
{
    public string PasswordOf(string role) =>
        role == Username || Secrets is null ? Password : File.ReadAllText(Path.Combine(Secrets, $"{role}_password"));

    /// <summary>For the superuser, unless a role is named.</summary>
    public string ConnectionString(string database, string? role = null) => new NpgsqlConnectionStringBuilder
    {
        Host = Host,
        Port = Port,
        Database = database,
        Username = role ?? Username,
        Password = PasswordOf(role ?? Username),
        Pooling = false,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    internal async Task<NpgsqlConnection> Open(string database = "postgres")
    {
        var connection = new NpgsqlConnection(ConnectionString(database));
        await connection.OpenAsync();
        return connection;
    }
}
