using ServiceMesh.Data;
using Testing;
using Testing.Databases;
using Testing.Services;

[assembly: AssemblyFixture(typeof(ExternalServices.Api.Tests.ExternalService))]

namespace ExternalServices.Api.Tests;

/// <summary>The service as it runs in production, with surroundings of its own.</summary>
public class ExternalService : IAsyncLifetime
{
    private Surroundings _surroundings = null!;

    public RunningService Running { get; private set; } = null!;

    /// <summary>The provider's staff.</summary>
    public ApiClient Provider { get; private set; } = null!;

    public TestIssuer Issuer => _surroundings.Issuer;

    public TestDatabase Database => _surroundings.Database;

    public Vhost Vhost => _surroundings.Vhost;

    public Database Data => (Database)Running.Services.GetService(typeof(Database))!;

    /// <summary>The service's clock.</summary>
    protected virtual TimeProvider Time => Clock.System;

    /// <summary>One customer's own system.</summary>
    public ApiClient As(string customer) => new(Running.Client(Issuer.Customer(customer)));

    public async ValueTask InitializeAsync()
    {
        _surroundings = await Surroundings.Create();
        Running = await RunningService.Start(args => ExternalServicesApp.Build(args, Time), _surroundings.Settings);
        Provider = new ApiClient(Running.Client(Issuer.Provider()));
    }

    /// <inheritdoc cref="Surroundings.Sql"/>
    public Task Sql(string sql) => _surroundings.Sql(sql);

    public async ValueTask DisposeAsync()
    {
        await Running.DisposeAsync();
        await _surroundings.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
