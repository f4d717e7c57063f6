using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceMesh.Data;
using Testing;
using Testing.Databases;
using Migrations = ServiceMesh.Data.Migrations;

namespace Data.Tests;

/// <summary>A database with this project's sample tables, and the product's way to it.</summary>
public sealed class DatabaseFixture : IAsyncLifetime
{
    private static readonly DatabaseTemplate Template = new(
        "internal_services",
        Testing.Databases.Migrations.Fingerprint(typeof(DatabaseFixture).Assembly),
        database => Migrations.Run(
            database.OwnerConnectionString, NullLogger.Instance, default, typeof(DatabaseFixture).Assembly));

    private TestDatabase? _copy;
    private ServiceProvider? _services;

    public TestDatabase Copy => _copy!;

    public Database Database => _services!.GetRequiredService<Database>();

    public async ValueTask InitializeAsync()
    {
        _copy = await Template.CreateDatabase();
        _services = Services();
    }

    /// <param name="settings">Further settings as <c>--Key:Name=value</c>.</param>
    public ServiceProvider Services(params string[] settings)
    {
        var configuration = new ConfigurationBuilder().AddCommandLine([.. Copy.Settings, .. settings]).Build();
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton(Clock.System)
            .AddServiceMeshData(configuration, typeof(DatabaseFixture).Assembly)
            .BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _services!.DisposeAsync();
        await Copy.DisposeAsync();
    }
}
