using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServiceMesh.Hosting.Identity;

namespace Testing.Services;

/// <summary>
/// A service inside the test's process, on a port of its own, built by the service's own composition root.
/// </summary>
public sealed class RunningService : IAsyncDisposable
{
    private const string Quiet = "--Logging:LogLevel:Default=Warning";

    private readonly WebApplication _app;

    private RunningService(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.First());
    }

    public Uri Address { get; }

    public IServiceProvider Services => _app.Services;

    /// <param name="build">The composition root, for example <c>InternalServicesApp.Build</c>.</param>
    /// <param name="settings">Configuration as <c>--Key:Name=value</c>.</param>
    public static async Task<RunningService> Start(
        Func<string[], WebApplication> build,
        params IEnumerable<string>[] settings)
    {
        var app = build([Quiet, .. settings.SelectMany(part => part), "--urls=http://127.0.0.1:0"]);
        await app.StartAsync();
        return new RunningService(app);
    }

    /// <summary>Who may call the operation, as its endpoint enforces it.</summary>
    public Callers CallersOf(string operationId) => Services.GetRequiredService<EndpointDataSource>().Endpoints
        .Where(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == operationId)
        .Select(endpoint => Admission.Of(endpoint.Metadata)!.Callers)
        .Single();

    /// <summary>A client with or without a token.</summary>
    public HttpClient Client(string? token = null) => Clients.Create(Address, token);

    public Task Stop() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

internal static class Clients
{
    public static HttpClient Create(Uri address, string? token)
    {
        var client = new HttpClient { BaseAddress = address };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }
}
