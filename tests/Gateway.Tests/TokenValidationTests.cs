using System.Net;
using System.Security.Cryptography;
using System.Text;
using Gateway.Tests.Fixtures;
using Microsoft.IdentityModel.Tokens;
using Testing;

namespace Gateway.Tests;

/// <summary>Tokens that are almost right.</summary>
public sealed class TokenValidationTests(Mesh mesh)
{
    [Fact]
    public async Task The_forge_of_these_tests_writes_tokens_that_are_accepted()
    {
        using var client = mesh.Gateway.Client(mesh.Forge.Write());
        Assert.Equal("internal", (await client.Arrival("/internal/v1/x")).Replica);
        Assert.Equal("external", (await client.Arrival("/external/v1/x")).Replica);
    }

    [Fact]
    public async Task A_request_without_a_token_is_told_what_is_missing()
    {
        using var client = mesh.Gateway.Client();
        using var answer = await client.GetAsync("/internal/v1/departments");

        await answer.IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
    }

    public static TheoryData<string> Faults => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_token_with_a_fault_is_refused_before_the_service_sees_it(string fault)
    {
        var seen = mesh.Internal.Arrived.Count;
        using var client = mesh.Gateway.Client();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {Broken[fault](mesh)}");

        using var answer = await client.GetAsync($"/internal/v1/{Uri.EscapeDataString(fault)}");

        await answer.IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Contains("invalid_token", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain($"/internal/v1/{fault}", mesh.Internal.Arrived.Skip(seen));
    }

    private static readonly Dictionary<string, Func<Mesh, string>> Broken = new()
    {
        ["expired"] = mesh => (mesh.Forge with { Lifetime = TimeSpan.FromMinutes(-1) }).Write(),
        ["foreign issuer"] = mesh => (mesh.Forge with { Issuer = "http://elsewhere.test/" }).Write(),
        ["foreign audience"] = mesh => (mesh.Forge with { Audiences = ["another-service"] }).Write(),
        ["foreign key"] = _ => WithForeignKey(),
        ["other type"] = mesh => (mesh.Forge with { Type = "JWT" }).Write(),
        ["no caller"] = mesh => (mesh.Forge with { Kind = "visitor" }).Write(),
        ["department without a code"] = mesh => (mesh.Forge with { Kind = "department" }).Write(),
        ["tampered payload"] = Tampered,
        ["cut signature"] = mesh => mesh.Forge.Write()[..^4],
        ["no signature"] = mesh => mesh.Forge.Write()[..(mesh.Forge.Write().LastIndexOf('.') + 1)],
        ["algorithm none"] = Unsigned,
        ["HS256 with the public key"] = SignedWithPublicKey,
        ["not a token"] = _ => "abc.def.ghi",
        ["longer than any token"] = _ => new string('a', 20_000),
    };

    [Fact]
    public async Task A_token_without_the_services_scope_is_told_the_scope()
    {
        var narrow = mesh.Forge with { Scopes = ["external"], Audiences = ["external-services"] };
        using var client = mesh.Gateway.Client(narrow.Write());
        using var answer = await client.GetAsync("/internal/v1/departments");

        var problem = await answer.IsProblem(HttpStatusCode.Forbidden, "forbidden");
        Assert.Contains("'internal'", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("insufficient_scope", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal("external", (await client.Arrival("/external/v1/x")).Replica);
    }

    [Fact]
    public async Task A_token_that_was_accepted_is_refused_once_it_expires()
    {
        using var client = mesh.Gateway.Client((mesh.Forge with { Lifetime = TimeSpan.FromSeconds(1) }).Write());
        Assert.Equal("internal", (await client.Arrival("/internal/v1/x")).Replica);

        await Eventually.Gives(
            async () => (await client.GetAsync("/internal/v1/x")).StatusCode,
            status => status == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_was_remembered_of_one_token_does_not_let_another_pass()
    {
        var good = mesh.Forge.Write();
        using var client = mesh.Gateway.Client(good);
        Assert.Equal("internal", (await client.Arrival("/internal/v1/x")).Replica);

        var last = good[^1] == 'A' ? 'Q' : 'A';
        using var other = mesh.Gateway.Client(good[..^2] + last + good[^1]);
        using var answer = await other.GetAsync("/internal/v1/x");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static string WithForeignKey()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var credentials = new SigningCredentials(new ECDsaSecurityKey(ecdsa), SecurityAlgorithms.EcdsaSha256);
        return new TokenForge { Credentials = credentials }.Write();
    }

    private static string Tampered(Mesh mesh)
    {
        var parts = (mesh.Forge with { Kind = "customer", Code = "ACME" }).Write().Split('.');
        var payload = Base64UrlEncoder.Decode(parts[1]).Replace("ACME", "EVIL", StringComparison.Ordinal);
        return $"{parts[0]}.{Base64UrlEncoder.Encode(payload)}.{parts[2]}";
    }

    private static string Unsigned(Mesh mesh)
    {
        var header = Base64UrlEncoder.Encode("""{"alg":"none","typ":"at+jwt"}""");
        return $"{header}.{mesh.Forge.Write().Split('.')[1]}.";
    }

    private static string SignedWithPublicKey(Mesh mesh)
    {
        var header = Base64UrlEncoder.Encode($$"""{"alg":"HS256","typ":"at+jwt","kid":"{{mesh.Key.Key.KeyId}}"}""");
        var content = $"{header}.{mesh.Forge.Write().Split('.')[1]}";
        var key = Encoding.UTF8.GetBytes(mesh.Key.PublicKeyPem);
        var signature = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(content));
        return $"{content}.{Base64UrlEncoder.Encode(signature)}";
    }
}
