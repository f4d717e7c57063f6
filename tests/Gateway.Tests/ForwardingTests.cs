using System.Net;
using System.Net.Http.Headers;
using Gateway.Tests.Fixtures;

namespace Gateway.Tests;

/// <summary>What goes to the services and what comes back.</summary>
public sealed class ForwardingTests(Mesh mesh)
{
    [Fact]
    public async Task Method_path_query_headers_and_body_arrive_as_they_were_sent()
    {
        using var client = mesh.Gateway.Client(mesh.Forge.Write());
        using var request = new HttpRequestMessage(HttpMethod.Put, "/internal/v1/a%20b/c?x=1&y=%2F&z=a+b");
        request.Headers.Add("If-Match", "\"7\"");
        request.Content = new StringContent("twelve bytes");

        using var answer = await client.SendAsync(request);
        var arrival = await answer.Arrival();

        Assert.Equal("PUT", arrival.Method);
        Assert.Equal("/internal/v1/a%20b/c?x=1&y=%2F&z=a+b", arrival.Target);
        Assert.Equal("\"7\"", arrival.Header("If-Match"));
        Assert.Equal(client.DefaultRequestHeaders.Authorization!.ToString(), arrival.Header("Authorization"));
        Assert.Equal(12, arrival.BodyLength);
    }

    [Theory]
    [InlineData("Forwarded", "for=6.6.6.6;host=evil")]
    [InlineData("X-Forwarded-For", "6.6.6.6")]
    [InlineData("X-Forwarded-Host", "evil")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("X-Forwarded-Prefix", "/evil")]
    [InlineData("X-Real-IP", "6.6.6.6")]
    [InlineData("X-Original-URL", "/admin")]
    [InlineData("X-Rewrite-URL", "/admin")]
    [InlineData("Proxy-Authorization", "Basic eDp5")]
    [InlineData("Keep-Alive", "timeout=99")]
    [InlineData("TE", "trailers")]
    public async Task What_only_the_gateway_may_say_is_not_taken_from_the_sender(string header, string value)
    {
        using var client = mesh.Gateway.Client(mesh.Forge.Write());
        client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);

        var arrival = await client.Arrival("/internal/v1/x");

        Assert.NotEqual(value, arrival.Header(header));
    }

    [Fact]
    public async Task The_service_is_told_where_the_request_came_from()
    {
        using var client = mesh.Gateway.Client(mesh.Forge.Write());
        var arrival = await client.Arrival("/internal/v1/x");

        Assert.Equal("127.0.0.1", arrival.Header("X-Forwarded-For"));
        Assert.Equal("http", arrival.Header("X-Forwarded-Proto"));
        Assert.Equal(mesh.Gateway.Address.Authority, arrival.Header("X-Forwarded-Host"));
    }

    [Fact]
    public async Task A_proxy_that_the_operator_names_is_believed()
    {
        await using var gateway = await mesh.StartGateway("--Gateway:TrustedProxies:0=127.0.0.1");
        using var client = gateway.Client(mesh.Forge.Write());
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");

        Assert.Equal("203.0.113.9", (await client.Arrival("/internal/v1/x")).Header("X-Forwarded-For"));
    }

    [Fact]
    public async Task A_trace_goes_on_behind_the_gateway()
    {
        using var client = mesh.Gateway.Client(mesh.Forge.Write());
        const string trace = "00-0af7651916cd43dd8448eb211c80319c-";
        client.DefaultRequestHeaders.Add("traceparent", trace + "b7ad6b7169203331-01");

        var arrival = await client.Arrival("/internal/v1/x");

        Assert.StartsWith(trace, arrival.Header("traceparent"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Browsers_are_told_to_do_nothing_with_an_answer_but_show_it()
    {
        using var client = mesh.Gateway.Client(mesh.Forge.Write());
        foreach (var path in (string[])["/internal/v1/x", "/nothing-here", "/health/live", "/docs", "/oauth/token"])
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
            Assert.Equal("DENY", Header(answer, "X-Frame-Options"));
            Assert.Equal("no-referrer", Header(answer, "Referrer-Policy"));
            Assert.Contains("default-src 'none'", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Null(Header(answer, "Server"));
        }

        using var private_ = await client.GetAsync("/internal/v1/x");
        Assert.True(private_.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task A_service_that_sets_its_own_policy_keeps_it()
    {
        using var client = mesh.Gateway.Client(mesh.Forge.Write());
        using var answer = await client.GetAsync("/internal/v1/printed");

        Assert.Equal("style-src 'unsafe-inline'", Header(answer, "Content-Security-Policy"));
        Assert.Equal(TimeSpan.FromMinutes(1), answer.Headers.CacheControl?.MaxAge);
        Assert.Null(Header(answer, "Server"));
    }

    [Fact]
    public async Task A_path_that_leads_nowhere_is_a_problem_and_not_a_question_for_a_token()
    {
        using var client = mesh.Gateway.Client();
        using var answer = await client.GetAsync("/internals/v1/departments");
        await answer.IsProblem(HttpStatusCode.NotFound, "no-such-path");

        using var wrongMethod = await client.PutAsync("/gateway/v1/clients", null);
        await wrongMethod.IsProblem(HttpStatusCode.MethodNotAllowed, "method-not-allowed");
    }

    [Fact]
    public async Task A_service_that_breaks_off_is_a_502_and_is_not_asked_twice()
    {
        var before = mesh.Internal.Arrived.Count(path => path == "/internal/v1/broken");
        using var client = mesh.Gateway.Client(mesh.Forge.Write());

        using var answer = await client.PostAsync("/internal/v1/broken", new StringContent("once"));

        await answer.IsProblem(HttpStatusCode.BadGateway, "service-failed");
        Assert.Equal(before + 1, mesh.Internal.Arrived.Count(path => path == "/internal/v1/broken"));
    }

    [Fact]
    public async Task A_large_answer_and_a_large_import_stream_through()
    {
        using var client = mesh.Gateway.Client(mesh.Forge.Write());
        using var import = new StreamContent(new MemoryStream(new byte[20 * 1024 * 1024]));
        import.Headers.ContentType = new MediaTypeHeaderValue("text/csv");

        using var answer = await client.PostAsync("/internal/v1/cost-imports", import);

        Assert.Equal(20 * 1024 * 1024, (await answer.Arrival()).BodyLength);
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
