using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Fixtures;

/// <summary>A replica of a service that answers every request with what arrived.</summary>
public sealed class FakeService : IAsyncDisposable
{
    private readonly string _name;
    private WebApplication? _app;
    private int _port;

    private FakeService(string name) => _name = name;

    public Uri Address => new($"http://127.0.0.1:{_port}");

    /// <summary>What it says when it is asked for its readiness.</summary>
    public bool IsReady { get; set; } = true;

    /// <summary>The paths of the requests that arrived, probes left out.</summary>
    public ConcurrentQueue<string> Arrived { get; } = new();

    public static async Task<FakeService> Start(string name)
    {
        var service = new FakeService(name);
        await service.Restart();
        return service;
    }

    /// <summary>On the port it had before.</summary>
    public async Task Restart()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{_port}");
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        _app = builder.Build();
        _app.MapGet("/health/ready", () => Results.StatusCode(IsReady ? 200 : 503));
        _app.MapFallback("{*path}", Answer);
        await _app.StartAsync();
        _port = new Uri(_app.Urls.First()).Port;
    }

    public async Task Stop()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
            _app = null;
        }
    }

    private async Task Answer(HttpContext context)
    {
        Arrived.Enqueue(context.Request.Path);
        if (context.Request.Path.Value!.EndsWith("/broken", StringComparison.Ordinal))
        {
            context.Abort();
            return;
        }

        if (context.Request.Path.Value.EndsWith("/printed", StringComparison.Ordinal))
        {
            context.Response.Headers.ContentSecurityPolicy = "style-src 'unsafe-inline'";
            context.Response.Headers.CacheControl = "private, max-age=60";
            context.Response.Headers.Server = "fake";
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        await context.Response.WriteAsJsonAsync(new Arrival(
            _name,
            context.Request.Method,
            context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()),
            body.Length));
    }

    public async ValueTask DisposeAsync() => await Stop();
}

/// <summary>A request as the service saw it.</summary>
public sealed record Arrival(
    string Replica, string Method, string Target, Dictionary<string, string> Headers, long BodyLength)
{
    public string? Header(string name) =>
        Headers.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
