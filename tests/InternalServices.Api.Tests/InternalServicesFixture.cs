using System.Reflection;
using Npgsql;
using RabbitMQ.Client;
using ServiceMesh.Contracts;
using ServiceMesh.Hosting;
using ServiceMesh.Messaging;
using Testing;
using Testing.Databases;
using Testing.Services;

namespace InternalServices.Api.Tests;

/// <summary>The service over HTTP with a database, a virtual host and an issuer of its own.</summary>
public sealed class InternalServicesFixture : IAsyncLifetime
{
    private static readonly DatabaseTemplate Template = new(
        "internal_services",
        Migrations.Fingerprint(
            typeof(ServiceMeshHost).Assembly, typeof(Outbox).Assembly, typeof(InternalServicesApp).Assembly),
        MigrateTemplate);

    private TestDatabase _database = null!;
    private Vhost _vhost = null!;
    private TestIssuer _issuer = null!;
    private RunningService _service = null!;

    /// <summary>Staff of the provider.</summary>
    public ApiClient Provider { get; private set; } = null!;

    public TestIssuer Issuer => _issuer;

    public Vhost Vhost => _vhost;

    public TestDatabase Database => _database;

    public async ValueTask InitializeAsync()
    {
        _database = await Template.CreateDatabase();
        _vhost = await Vhost.Create();
        _issuer = await TestIssuer.Start();
        await Migrate(_database, _vhost);
        await DeployExternalSide();
        _service = await RunningService.Start(InternalServicesApp.Build, Settings);
        Provider = Client(_issuer.Provider());
    }

    /// <summary>For another replica of the same service.</summary>
    public IReadOnlyList<string> Settings => [.. _database.Settings, .. _vhost.Settings, .. _issuer.Settings];

    public ApiClient Department(string code) => Client(_issuer.Department(code));

    public ApiClient Customer(string code) => Client(_issuer.Customer(code));

    public ApiClient Client(string? token) => new(_service.Client(token));

    public HttpClient RawClient(string? token = null) => _service.Client(token);

    /// <summary>As the superuser, past every policy.</summary>
    public async Task<T> Scalar<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(_database.SuperuserConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Another replica on the same database and broker, whose clock is ahead.</summary>
    public Task<RunningService> Replica(TimeSpan ahead) => RunningService.Start(
        args => InternalServicesApp.Build(args, new ClockAhead(ahead)),
        Settings,
        ["--Statements:LookAgainAfter=00:00:00.1"]);

    public IServiceProvider Services => _service.Services;

    /// <summary>What the external side would send.</summary>
    public async Task Publish(Event @event)
    {
        var exchange = @event.GetType().GetCustomAttribute<EventAttribute>()!.Name;
        await using var connection = await _vhost.Connect();
        await using var channel = await connection.CreateChannelAsync();
        await channel.BasicPublishAsync(
            exchange,
            "",
            mandatory: false,
            new BasicProperties
            {
                MessageId = $"{@event.EventId}",
                ContentType = "application/json",
                Persistent = true,
            },
            EventJson.Serialize(@event));
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _issuer.DisposeAsync();
        await _vhost.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>
    /// Without a queue of the other side its events could not be delivered and would stay in the outbox.
    /// </summary>
    private async Task DeployExternalSide()
    {
        const string queue = "external-services";
        var consumed = typeof(Event).Assembly.GetTypes()
            .Select(type => type.GetCustomAttribute<EventAttribute>())
            .Where(attribute => attribute is { Unconsumed: false }
                && attribute.Name.StartsWith("internal.", StringComparison.Ordinal));
        await using var connection = await _vhost.Connect();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false);
        foreach (var attribute in consumed) await channel.QueueBindAsync(queue, attribute!.Name, "");
    }

    private static async Task MigrateTemplate(TestDatabase database)
    {
        await using var vhost = await Vhost.Create();
        await Migrate(database, vhost);
    }

    private static async Task Migrate(TestDatabase database, Vhost vhost)
    {
        await using var app = InternalServicesApp.Build(
            [
                .. database.Settings,
                .. vhost.Settings,
                "--Auth:Authority=http://127.0.0.1/",
                "--Logging:LogLevel:Default=Warning",
            ]);
        await InternalServicesApp.Migrate(app, TestContext.Current.CancellationToken);
    }
}

/// <summary>The system's clock, some time ahead.</summary>
internal sealed class ClockAhead(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => Clock.System.GetUtcNow() + ahead;
}
