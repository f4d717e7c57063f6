using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ServiceMesh.Data;

namespace Data.Tests;

public sealed class Fixture : IAsyncLifetime
{
    public const string Owner = "Host=127.0.0.1;Port=25431;Username=internal_services_owner;Password=o;Database=internal_services";
    public ServiceProvider Services = null!;
    public Database Database => Services.GetRequiredService<Database>();

    public async ValueTask InitializeAsync()
    {
        await Migrations.Run(Owner, NullLogger.Instance, default, typeof(Fixture).Assembly);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Host"] = "127.0.0.1", ["Database:Port"] = "25431", ["Database:Name"] = "internal_services",
            ["Database:Username"] = "internal_services_app", ["Database:Password"] = "a",
        }).Build();
        Services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System)
            .AddServiceMeshData(configuration, typeof(Fixture).Assembly).BuildServiceProvider();
    }

    public ValueTask DisposeAsync() => Services.DisposeAsync();
}
