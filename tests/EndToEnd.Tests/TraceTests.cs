using System.Net.Http.Json;
using Testing;

namespace EndToEnd.Tests;

/// <summary>An operator follows one request through everything that it set off.</summary>
public sealed class TraceTests : IAsyncLifetime
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Caller = "b7ad6b7169203331";

    private TraceCollector _collector = null!;
    private Mesh _mesh = null!;

    public async ValueTask InitializeAsync()
    {
        _collector = await TraceCollector.Start();
        _mesh = await Mesh.Start(_collector.Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _mesh.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Fact]
    public async Task A_trace_leads_from_the_callers_request_to_its_effect_on_the_other_side()
    {
        using var client = await _mesh.Client();
        using var department = await client.PostAsJsonAsync(
            "/internal/v1/departments", new { code = "OPS", name = "Operations" });
        department.EnsureSuccessStatusCode();

        using var request = new HttpRequestMessage(HttpMethod.Post, "/internal/v1/services")
        {
            Headers = { { "traceparent", $"00-{Trace}-{Caller}-01" } },
            Content = JsonContent.Create(new
            {
                code = "STORAGE",
                name = "Storage",
                unit = "GB-month",
                ownerDepartment = "OPS",
                audience = "both",
                charging = "chargeback",
                pricing = "costRecovery",
            }),
        };
        using var answer = await client.SendAsync(request);
        answer.EnsureSuccessStatusCode();

        await Eventually.Passes(() =>
        {
            var effect = Assert.Single(
                _collector.Spans(Trace), span => span is { Service: "external-services", Kind: SpanKind.Consumer });
            Assert.Equal(
                ["external-services", "internal-services", "gateway", "the caller"],
                Way(effect).Distinct());
            return Task.CompletedTask;
        });
    }

    /// <summary>Whose spans lie on the way back to the caller; one that is missing breaks it off.</summary>
    private IEnumerable<string> Way(Span span)
    {
        var spans = _collector.Spans(Trace).ToDictionary(known => known.Id);
        for (var at = span; ; at = spans[at.Parent])
        {
            yield return at.Service;
            if (at.Parent == Caller) break;
            if (!spans.ContainsKey(at.Parent)) yield break;
        }

        yield return "the caller";
    }
}
