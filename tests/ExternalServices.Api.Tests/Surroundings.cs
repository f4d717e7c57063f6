using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ServiceMesh.Hosting;
using ServiceMesh.Messaging;
using Testing;
using Testing.Databases;

namespace ExternalServices.Api.Tests;

/// <summary>What a service needs around it: a migrated database, a virtual host with its queues, an issuer.</summary>
public sealed class Surroundings : IAsyncDisposable
{
    private static readonly DatabaseTemplate Template = new(
        "external_services",
        Migrations.Fingerprint(
            typeof(ServiceMeshHost).Assembly, typeof(Outbox).Assembly, typeof(ExternalServicesApp).Assembly),
        database => ServiceMesh.Data.Migrations.Run(
            database.OwnerConnectionString,
            NullLogger.Instance,
            CancellationToken.None,
            typeof(ServiceMeshHost).Assembly,
            typeof(Outbox).Assembly,
            typeof(ExternalServicesApp).Assembly));

    private Surroundings(TestIssuer issuer, TestDatabase database, Vhost vhost)
    {
        (Issuer, Database, Vhost) = (issuer, database, vhost);
        Settings = [.. database.Settings, .. issuer.Settings, .. vhost.Settings, "--Provider:Currency=EUR"];
    }

    public TestIssuer Issuer { get; }

    public TestDatabase Database { get; }

    public Vhost Vhost { get; }

    /// <summary>What a process of the service is started with.</summary>
    public IReadOnlyList<string> Settings { get; }

    public static async Task<Surroundings> Create()
    {
        var made = new Surroundings(await TestIssuer.Start(), await Template.CreateDatabase(), await Vhost.Create());

        // The one-shot command: the database is migrated already, the broker is not.
        await using var app = ExternalServicesApp.Build([.. made.Settings]);
        await ExternalServicesApp.Migrate(app, CancellationToken.None);
        return made;
    }

    /// <summary>As the database's superuser, past every policy.</summary>
    public async Task Sql(string sql)
    {
        await using var connection = new NpgsqlConnection(Database.SuperuserConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Vhost.DisposeAsync();
        await Database.DisposeAsync();
        await Issuer.DisposeAsync();
    }
}
