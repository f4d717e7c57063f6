using Microsoft.Extensions.Logging.Abstractions;
using ServiceMesh.Hosting;
using Testing;
using Testing.Databases;
using Testing.Services;

namespace Hosting.Tests;

/// <summary>The sample service over HTTP, with a database and an issuer of its own.</summary>
public sealed class SampleFixture : IAsyncLifetime
{
    private static readonly System.Reflection.Assembly[] Migrated =
        [typeof(ServiceMeshHost).Assembly, typeof(SampleFixture).Assembly];

    private static readonly DatabaseTemplate Template = new(
        "internal_services",
        Migrations.Fingerprint(Migrated),
        database => ServiceMesh.Data.Migrations.Run(
            database.OwnerConnectionString, NullLogger.Instance, TestContext.Current.CancellationToken, Migrated));

    private TestDatabase _database = null!;
    private RunningService _service = null!;

    public TestIssuer Issuer { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await Template.CreateDatabase();
        Issuer = await TestIssuer.Start();
        _service = await RunningService.Start(SampleService.Build, _database.Settings, Issuer.Settings);
    }

    public HttpClient Client(string? token) => _service.Client(token);

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await Issuer.DisposeAsync();
        await _database.DisposeAsync();
    }
}
