using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EndToEnd.Tests;

/// <summary>One step of a trace, as a service exported it.</summary>
/// <param name="Parent">The span that it belongs to; empty at the beginning of a trace.</param>
internal sealed record Span(string Service, string Id, string Parent, SpanKind Kind);

/// <summary>As OTLP numbers them.</summary>
internal enum SpanKind
{
    Unspecified,
    Internal,
    Server,
    Client,
    Producer,
    Consumer,
}

/// <summary>What takes the services' traces in place of the operator's collector: OTLP over HTTP.</summary>
internal sealed class TraceCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Trace, Span Span)> _spans = new();

    private TraceCollector(WebApplication app)
    {
        _app = app;
        app.MapPost("/v1/traces", Take);
    }

    /// <summary>What makes a service send its traces here, without waiting for more of them.</summary>
    public IReadOnlyList<string> Settings =>
    [
        $"--OTEL_EXPORTER_OTLP_ENDPOINT={_app.Urls.Single()}",
        "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
        "--OTEL_BSP_SCHEDULE_DELAY=50",
    ];

    public static async Task<TraceCollector> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new TraceCollector(builder.Build());
        await collector._app.StartAsync();
        return collector;
    }

    public IReadOnlyList<Span> Spans(string trace) =>
        [.. _spans.Where(taken => taken.Trace == trace).Select(taken => taken.Span)];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Take(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        foreach (var ofService in Parts(body.ToArray(), Field.ResourceSpans)) TakeFrom(ofService);
    }

    private void TakeFrom(ReadOnlyMemory<byte> ofService)
    {
        var attributes = Parts(ofService, Field.Resource).SelectMany(resource => Parts(resource, Field.Attribute));
        var name = attributes.Single(attribute => Text(attribute, Field.Key) == "service.name");
        var service = Text(Parts(name, Field.Value).Single(), Field.StringValue);
        foreach (var span in Parts(ofService, Field.ScopeSpans).SelectMany(scope => Parts(scope, Field.Span)))
        {
            var kind = (SpanKind)new Protobuf(span).Read().Single(read => read.Field == Field.Kind).Number;
            var step = new Span(service, Hex(span, Field.SpanId), Hex(span, Field.Parent), kind);
            _spans.Enqueue((Hex(span, Field.TraceId), step));
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Parts(ReadOnlyMemory<byte> message, int field) =>
        new Protobuf(message).Read().Where(read => read.Field == field).Select(read => read.Bytes);

    private static string Text(ReadOnlyMemory<byte> message, int field) =>
        Encoding.UTF8.GetString(Parts(message, field).Single().Span);

    private static string Hex(ReadOnlyMemory<byte> message, int field) =>
        Convert.ToHexStringLower(Parts(message, field).SingleOrDefault().Span);

    /// <summary>The numbers of opentelemetry/proto/trace/v1/trace.proto and its relatives.</summary>
    private static class Field
    {
        public const int ResourceSpans = 1;
        public const int Resource = 1;
        public const int Attribute = 1;
        public const int Key = 1;
        public const int Value = 2;
        public const int StringValue = 1;
        public const int ScopeSpans = 2;
        public const int Span = 2;
        public const int TraceId = 1;
        public const int SpanId = 2;
        public const int Parent = 4;
        public const int Kind = 6;
    }
}
