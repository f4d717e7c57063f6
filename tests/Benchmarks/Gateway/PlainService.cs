using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Benchmarks;

/// <summary>The service that both proxies stand before: it answers a kibibyte of JSON and does nothing else.</summary>
internal sealed class PlainService : IAsyncDisposable
{
    private const int AnswerBytes = 1024;

    private readonly WebApplication _app;

    private PlainService(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public static async Task<PlainService> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var answer = Encoding.UTF8.GetBytes($$"""{"text":"{{new string('x', AnswerBytes - 11)}}"}""");
        app.MapGet("/health/ready", () => Results.Ok());
        app.MapGet("/internal/v1/plain", () => Results.Bytes(answer, "application/json"));
        await app.StartAsync();
        return new PlainService(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
