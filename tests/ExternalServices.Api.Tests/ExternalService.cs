using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Messaging;
using Testing;
using Testing.Databases;
using Testing.Services;

[assembly: AssemblyFixture(typeof(ExternalServices.Api.Tests.ExternalService))]

namespace ExternalServices.Api.Tests;

/// <summary>The service as it runs in production, with a database, a virtual host and an issuer of its own.</summary>
public class ExternalService : IAsyncLifetime
{
    private static readonly DatabaseTemplate Template = new(
        "external_services",
        Testing.Databases.Migrations.Fingerprint(
            typeof(ServiceMeshHost).Assembly, typeof(Outbox).Assembly, typeof(ExternalServicesApp).Assembly),
        database => ServiceMesh.Data.Migrations.Run(
            database.OwnerConnectionString,
            NullLogger.Instance,
            CancellationToken.None,
            typeof(ServiceMeshHost).Assembly,
            typeof(Outbox).Assembly,
            typeof(ExternalServicesApp).Assembly));

    private RunningService _service = null!;

    public TestIssuer Issuer { get; private set; } = null!;

    public TestDatabase Database { get; private set; } = null!;

    public Vhost Vhost { get; private set; } = null!;

    /// <summary>The service's clock.</summary>
    protected virtual TimeProvider Time => Clock.System;

    public RunningService Running => _service;

    /// <summary>What a process of the service is started with.</summary>
    public IReadOnlyList<string> Settings { get; private set; } = [];

    public Database Data => (Database)_service.Services.GetService(typeof(Database))!;

    /// <summary>The provider's staff.</summary>
    public ApiClient Provider { get; private set; } = null!;

    /// <summary>One customer's own system.</summary>
    public ApiClient As(string customer) => new(_service.Client(Issuer.Customer(customer)));

    public ApiClient Anonymous => new(_service.Client());

    public async ValueTask InitializeAsync()
    {
        Issuer = await TestIssuer.Start();
        Database = await Template.CreateDatabase();
        Vhost = await Vhost.Create();
        Settings = [.. Database.Settings, .. Issuer.Settings, .. Vhost.Settings, "--Provider:Currency=EUR"];
        await Prepare();
        _service = await RunningService.Start(args => ExternalServicesApp.Build(args, Time), Settings);
        Provider = new ApiClient(_service.Client(Issuer.Provider()));
    }

    /// <summary>The one-shot command: the database is migrated already, the broker is not.</summary>
    private async Task Prepare()
    {
        await using var app = ExternalServicesApp.Build([.. Settings]);
        await ExternalServicesApp.Migrate(app, CancellationToken.None);
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
        await _service.DisposeAsync();
        await Vhost.DisposeAsync();
        await Database.DisposeAsync();
        await Issuer.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
