using System.Net;
using System.Text.Json.Nodes;
using Gateway.Tests.Fixtures;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Gateway.Tests;

/// <summary>The token endpoint as a client's OAuth library uses it.</summary>
public sealed class TokenTests(Mesh mesh)
{
    [Fact]
    public async Task A_client_gets_a_token_that_says_who_it_is_and_opens_its_service()
    {
        var (id, secret) = await mesh.AddClient("department", "IT", ["approver", "reader"], "internal");

        using var answer = await mesh.AskToken(id, secret);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        var body = await answer.Json();
        Assert.Equal("Bearer", body["token_type"]!.GetValue<string>());
        Assert.InRange(body["expires_in"]!.GetValue<int>(), 590, 600);
        var token = body["access_token"]!.GetValue<string>();

        var read = new JsonWebToken(token);
        Assert.Equal("ES256", read.Alg);
        Assert.Equal("at+jwt", read.Typ);
        Assert.Equal(mesh.Key.Key.KeyId, read.Kid);
        Assert.Equal(Mesh.Issuer, read.Issuer);
        Assert.Equal(["internal-services"], read.Audiences);
        var claims = JsonNode.Parse(Base64(read.EncodedPayload))!;
        Assert.Equal(id, claims["sub"]!.GetValue<string>());
        Assert.Equal("department", claims["caller"]!.GetValue<string>());
        Assert.Equal("IT", claims["department"]!.GetValue<string>());
        Assert.Equal("""["approver","reader"]""", claims["roles"]!.ToJsonString());
        Assert.Equal("internal", claims["scope"]!.GetValue<string>());

        using var client = mesh.Gateway.Client(token);
        Assert.Equal("internal", (await client.Arrival("/internal/v1/departments")).Replica);
    }

    [Fact]
    public async Task Roles_are_a_list_even_when_there_is_one_or_none()
    {
        var (one, oneSecret) = await mesh.AddClient("provider", null, ["controller"], "internal");
        var (none, noneSecret) = await mesh.AddClient("provider", null, [], "internal");

        Assert.Equal("""["controller"]""", Claims(await mesh.Token(one, oneSecret))["roles"]!.ToJsonString());
        Assert.Equal("[]", Claims(await mesh.Token(none, noneSecret))["roles"]!.ToJsonString());
    }

    [Fact]
    public async Task A_client_may_ask_for_less_than_it_has()
    {
        var (id, secret) = await mesh.AddClient("provider", null, [], "internal", "external");

        using var narrow = await mesh.AskToken(id, secret, "external");
        var less = new JsonWebToken((await narrow.Json())["access_token"]!.GetValue<string>());
        var all = new JsonWebToken(await mesh.Token(id, secret));
        Assert.Equal(["external-services"], less.Audiences);
        Assert.Equal(["internal-services", "external-services"], all.Audiences);
    }

    [Theory]
    [InlineData("external")]
    [InlineData("internal gateway")]
    [InlineData("nonsense")]
    [InlineData("openid")]
    public async Task A_scope_that_the_client_has_not_been_given_is_refused(string scope)
    {
        var (id, secret) = await mesh.AddClient("department", "IT", [], "internal");

        using var answer = await mesh.AskToken(id, secret, scope);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("invalid_scope", (await answer.Json())["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_wrong_secret_and_an_unknown_client_get_the_same_answer()
    {
        var (id, secret) = await mesh.AddClient("provider", null, [], "internal");

        string[] answers =
        [
            await Refusal(id, secret + "x"),
            await Refusal("nobody", secret),
            await Refusal("no\0body", secret),
            await Refusal(new string('x', 10_000), secret),
        ];

        Assert.Single(answers.Distinct());
        Assert.Contains("invalid_client", answers[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("grant_type=password&username=a&password=b", "unsupported_grant_type")]
    [InlineData("grant_type=refresh_token&refresh_token=x", "unsupported_grant_type")]
    [InlineData("", "invalid_request")]
    public async Task Nothing_but_client_credentials_is_granted(string form, string error)
    {
        using var client = mesh.Gateway.Client();
        using var content = new StringContent(form, null, "application/x-www-form-urlencoded");

        using var answer = await client.PostAsync("/oauth/token", content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var body = await answer.Json();
        Assert.Equal(error, body["error"]!.GetValue<string>());
        Assert.Null(body["error_uri"]);
    }

    [Fact]
    public async Task Credentials_may_stand_in_the_body_as_the_page_of_documents_sends_them()
    {
        var (id, secret) = await mesh.AddClient("provider", null, [], "internal");
        using var client = mesh.Gateway.Client();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = id,
            ["client_secret"] = secret,
        });

        using var answer = await client.PostAsync("/oauth/token", form);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task The_day_of_the_latest_token_is_kept()
    {
        var (id, secret) = await mesh.AddClient("provider", null, [], "internal");
        Assert.Equal(1L, await mesh.Scalar<long>(
            $"select count(*) from identity.clients where id = '{id}' and last_used_on is null"));

        await mesh.Token(id, secret);
        await mesh.Token(id, secret);

        Assert.Equal(1L, await mesh.Scalar<long>(
            $"select count(*) from identity.clients where id = '{id}' and abs(last_used_on - current_date) <= 1"));
    }

    [Fact]
    public async Task Discovery_names_what_there_is()
    {
        using var client = mesh.Gateway.Client();
        using var answer = await client.GetAsync("/.well-known/openid-configuration");

        var body = await answer.Json();
        Assert.Equal(Mesh.Issuer, body["issuer"]!.GetValue<string>());
        Assert.Equal($"{mesh.Gateway.Address}oauth/token", body["token_endpoint"]!.GetValue<string>());
        Assert.Equal("""["client_credentials"]""", body["grant_types_supported"]!.ToJsonString());
        Assert.Equal("""["internal","external","gateway"]""", body["scopes_supported"]!.ToJsonString());
        Assert.Equal(
            """["client_secret_post","client_secret_basic"]""",
            body["token_endpoint_auth_methods_supported"]!.ToJsonString());
    }

    private async Task<string> Refusal(string id, string secret)
    {
        using var answer = await mesh.AskToken(id, secret);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private static JsonNode Claims(string token) => JsonNode.Parse(Base64(new JsonWebToken(token).EncodedPayload))!;

    private static byte[] Base64(string text) => Microsoft.IdentityModel.Tokens.Base64UrlEncoder.DecodeBytes(text);
}
