using System.Net;
using System.Net.Http.Headers;
using Gateway.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using ServiceMesh.Hosting.Identity;
using Testing;

namespace Gateway.Tests;

/// <summary>The gateway's key changes while a service runs that fetched the keys long ago.</summary>
public sealed class KeyRotationTests(Mesh mesh) : IAsyncLifetime
{
    private readonly KeyFile _former = new();
    private readonly KeyFile _next = new();
    private readonly HttpClient _http = new();
    private WebApplication _gateway = null!;
    private WebApplication _service = null!;
    private (string Id, string Secret) _client;
    private string _port = "0";

    public async ValueTask InitializeAsync()
    {
        _client = await mesh.AddClient("provider", null, [], "internal");
        await StartGateway(_former, _next);
        _service = await StartService();
    }

    [Fact]
    public async Task A_key_that_was_published_before_its_use_is_accepted_at_once_and_the_former_one_still_is()
    {
        Assert.Equal(HttpStatusCode.OK, await Call(await Token(signedBy: _former)));
        var unused = await Token(signedBy: _former);

        await StartGateway(_next, _former);

        Assert.Equal(HttpStatusCode.OK, await Call(await Token(signedBy: _next)));
        Assert.Equal(HttpStatusCode.OK, await Call(unused));
    }

    [Fact]
    public async Task A_key_that_nobody_announced_is_found_soon()
    {
        Assert.Equal(HttpStatusCode.OK, await Call(await Token(signedBy: _former)));

        await StartGateway(mesh.Key, null);

        var token = await Token(signedBy: mesh.Key);
        await Eventually.Gives(() => Call(token), status => status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Both_keys_are_published_under_their_thumbprints()
    {
        using var answer = await _http.GetAsync(new Uri($"http://127.0.0.1:{_port}/.well-known/jwks"));

        var keys = (await answer.Json())["keys"]!.AsArray();
        Assert.Equal([_former.Key.KeyId, _next.Key.KeyId], keys.Select(key => key!["kid"]!.GetValue<string>()));
        Assert.All(keys, key => Assert.Null(key!["d"]));
        Assert.All(keys, key => Assert.Equal("EC P-256 ES256", $"{key!["kty"]} {key["crv"]} {key["alg"]}"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no key at all")]
    public void A_gateway_without_a_usable_key_does_not_start(string? content)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, content ?? "");

        using var gateway = Build(["--Gateway:SigningKeyFile=" + file]);

        var failure = Assert.Throws<InvalidOperationException>(() => gateway.StartAsync().GetAwaiter().GetResult());
        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
        File.Delete(file);
    }

    private async Task StartGateway(KeyFile signing, KeyFile? next)
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        _gateway = Build([$"--Gateway:SigningKeyFile={signing.Path}", $"--Gateway:NextSigningKeyFile={next?.Path}"]);
        await _gateway.StartAsync();
        _port = $"{new Uri(_gateway.Urls.First()).Port}";
    }

    private WebApplication Build(string[] keys) => GatewayApp.Build(
    [
        .. mesh.Database.Settings,
        $"--Gateway:Issuer={Mesh.Issuer}",
        .. keys,
        $"--urls=http://127.0.0.1:{_port}",
        "--Logging:LogLevel:Default=None",
    ]);

    private async Task<WebApplication> StartService()
    {
        var builder = WebApplication.CreateSlimBuilder(
        [
            $"--Auth:Authority={Mesh.Issuer}",
            $"--Auth:MetadataAddress=http://127.0.0.1:{_port}/.well-known/openid-configuration",
            "--urls=http://127.0.0.1:0",
        ]);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(Clock.System);
        builder.Services.AddServiceMeshIdentity(builder.Configuration, "internal-services");
        var service = builder.Build();
        service.UseAuthentication();
        service.UseAuthorization();
        service.MapGet("/internal/v1/me", (Caller caller) => caller.Subject).Allow(Callers.Anybody);
        await service.StartAsync();
        return service;
    }

    private async Task<string> Token(KeyFile signedBy)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = _client.Id,
            ["client_secret"] = _client.Secret,
        });
        using var answer = await _http.PostAsync(new Uri($"http://127.0.0.1:{_port}/oauth/token"), form);
        var token = (await answer.Json())["access_token"]!.GetValue<string>();
        Assert.Equal(signedBy.Key.KeyId, new JsonWebToken(token).Kid);
        return token;
    }

    private async Task<HttpStatusCode> Call(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{_service.Urls.First()}/internal/v1/me");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _gateway.DisposeAsync();
        _http.Dispose();
        _former.Dispose();
        _next.Dispose();
    }
}
