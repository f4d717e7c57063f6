using Npgsql;

namespace Testing.Servers;

/// <summary>The roles of the mesh on a server that somebody else made, by the same script as everywhere.</summary>
internal static class Roles
{
    public static readonly string[] Databases = ["internal_services", "external_services", "gateway"];

    private const string Lock = "select pg_advisory_lock(hashtext('servicemesh test roles'))";
    private const string Missing =
        """
        select count(*) from unnest(@databases) as wanted (name)
        where not exists (select from pg_roles where rolname = wanted.name || '_app')
        """;

    public static async Task Ensure(PostgresServer server)
    {
        await using var connection = await server.Open();
        await using var take = new NpgsqlCommand(Lock, connection);
        await take.ExecuteNonQueryAsync();
        await using var missing = new NpgsqlCommand(Missing, connection);
        missing.Parameters.Add(new("databases", Databases));
        if (await missing.ExecuteScalarAsync() is 0L) return;

        var secrets = Directory.CreateTempSubdirectory("servicemesh-");
        try
        {
            foreach (var name in SecretNames())
            {
                var password = server.PasswordOf(name[..^"_password".Length]);
                await File.WriteAllTextAsync(Path.Combine(secrets.FullName, name), password);
            }

            await Command.Run(
                Repository.PathOf("deploy", "postgres", "init"),
                [secrets.FullName],
                new Dictionary<string, string>
                {
                    ["PGHOST"] = server.Host,
                    ["PGPORT"] = $"{server.Port}",
                    ["PGUSER"] = server.Username,
                    ["PGPASSWORD"] = server.Password,
                });
        }
        finally
        {
            secrets.Delete(recursive: true);
        }
    }

    public static IEnumerable<string> SecretNames() =>
        from database in Databases from role in new[] { "owner", "app" } select $"{database}_{role}_password";
}
