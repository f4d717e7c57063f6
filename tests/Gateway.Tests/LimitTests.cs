using System.Net;
using Gateway.Tests.Fixtures;

namespace Gateway.Tests;

/// <summary>Nobody takes the mesh from the others.</summary>
public sealed class LimitTests(Mesh mesh)
{
    private const int Limit = 8 * 1024 * 1024;

    private static readonly string[] ThreeThenOneASecond =
        ["--Gateway:RateLimit:RequestsPerSecond=1", "--Gateway:RateLimit:Burst=3"];

    [Fact]
    public async Task A_caller_that_asks_too_much_is_told_when_to_come_back_and_others_are_not_affected()
    {
        await using var gateway = await mesh.StartGateway(ThreeThenOneASecond);
        using var greedy = gateway.Client((mesh.Forge with { Subject = "greedy" }).Write());
        using var modest = gateway.Client((mesh.Forge with { Subject = "modest" }).Write());

        using var refused = await UntilRefused(greedy, "/internal/v1/x");

        await refused.IsProblem(HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        Assert.Equal("internal", (await modest.Arrival("/internal/v1/x")).Replica);
    }

    [Fact]
    public async Task Two_tokens_of_one_caller_share_its_allowance()
    {
        await using var gateway = await mesh.StartGateway(ThreeThenOneASecond);
        using var first = gateway.Client((mesh.Forge with { Subject = "same" }).Write());
        var other = mesh.Forge with { Subject = "same", Lifetime = TimeSpan.FromMinutes(5) };
        using var second = gateway.Client(other.Write());
        (await UntilRefused(first, "/internal/v1/x")).Dispose();

        using var refused = await UntilRefused(second, "/internal/v1/x", within: 3);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }

    [Fact]
    public async Task Who_sends_no_valid_token_shares_the_allowance_of_the_address()
    {
        await using var gateway = await mesh.StartGateway(
            "--Gateway:RateLimit:AnonymousRequestsPerSecond=1", "--Gateway:RateLimit:AnonymousBurst=3");
        using var anonymous = gateway.Client();
        using var caller = gateway.Client(mesh.Forge.Write());

        using var refused = await UntilRefused(anonymous, "/nothing-here");

        await refused.IsProblem(HttpStatusCode.TooManyRequests, "too-many-requests");
        using var discovery = await UntilRefused(anonymous, "/.well-known/jwks", within: 3);
        Assert.Equal(HttpStatusCode.TooManyRequests, discovery.StatusCode);
        Assert.Equal("internal", (await caller.Arrival("/internal/v1/x")).Replica);
    }

    [Fact]
    public async Task Guessing_secrets_ends_soon_and_right_secrets_are_never_counted()
    {
        var (id, secret) = await mesh.AddClient("provider", null, [], "internal");
        await using var gateway = await mesh.StartGateway("--Gateway:RateLimit:FailedTokenRequestsPerMinute=3");
        for (var i = 0; i < 10; i++)
        {
            using var right = await Mesh.AskToken(gateway, id, secret);
            Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        }

        var wrong = await Mesh.AskToken(gateway, id, "wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        for (var i = 0; i < 50 && wrong.StatusCode == HttpStatusCode.Unauthorized; i++)
        {
            wrong.Dispose();
            wrong = await Mesh.AskToken(gateway, id, "wrong");
        }

        using var refused = wrong;
        await refused.IsProblem(HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_body_that_says_it_is_too_large_is_refused_before_it_is_read()
    {
        var before = mesh.Internal.Arrived.Count(path => path == "/internal/v1/large");
        using var patient = new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan };
        using var client = new HttpClient(patient) { BaseAddress = mesh.Gateway.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", mesh.Forge.Write());
        client.DefaultRequestHeaders.ExpectContinue = true;

        using var answer = await client.PostAsync("/internal/v1/large", new ByteArrayContent(new byte[Limit + 1]));

        await answer.IsProblem(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        Assert.Equal(before, mesh.Internal.Arrived.Count(path => path == "/internal/v1/large"));
    }

    [Fact]
    public async Task A_body_that_does_not_say_its_size_is_stopped_at_the_limit()
    {
        using var client = mesh.Gateway.Client(mesh.Forge.Write());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/internal/v1/endless")
        {
            Content = new StreamContent(new MemoryStream(new byte[Limit + 1])),
        };
        request.Headers.TransferEncodingChunked = true;

        using var answer = await client.SendAsync(request);

        await answer.IsProblem(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
    }

    [Fact]
    public async Task A_body_of_exactly_the_limit_passes()
    {
        using var client = mesh.Gateway.Client(mesh.Forge.Write());
        using var answer = await client.PostAsync("/internal/v1/large", new ByteArrayContent(new byte[Limit]));
        Assert.Equal(Limit, (await answer.Arrival()).BodyLength);
    }

    /// <summary>Faster than a bucket of one token a second fills.</summary>
    private static async Task<HttpResponseMessage> UntilRefused(HttpClient client, string path, int within = 50)
    {
        for (var i = 0; ; i++)
        {
            var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            if (answer.StatusCode == HttpStatusCode.TooManyRequests || i == within)
            {
                return answer;
            }

            answer.Dispose();
        }
    }
}
