using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using ServiceMesh.Hosting.Identity;

namespace Testing;

/// <summary>
/// A small OpenID Connect authority on loopback with a key of its own. A service configured with its
/// <see cref="Settings"/> accepts its tokens exactly as it accepts the gateway's.
/// </summary>
public sealed class TestIssuer : IAsyncDisposable
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private static readonly string[] Services = ["internal-services", "external-services"];

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly JsonWebTokenHandler _writer = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials _credentials;
    private readonly WebApplication _app;

    private TestIssuer()
    {
        var key = new ECDsaSecurityKey(_key);
        key.KeyId = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
        _credentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new Dictionary<string, object>
        {
            ["issuer"] = Authority,
            ["jwks_uri"] = Authority + ".well-known/jwks",
            ["token_endpoint"] = Authority + "oauth/token",
        }));
        _app.MapGet("/.well-known/jwks", () => Results.Json(new { keys = new[] { PublicKey(key) } }));
    }

    /// <summary>The issuer's URL as its tokens spell it.</summary>
    public string Authority => _app.Urls.First() + "/";

    /// <summary>What a service is configured with, as arguments of its command line.</summary>
    public IReadOnlyList<string> Settings =>
        [$"--Auth:Authority={Authority}", $"--Auth:MetadataAddress={Authority}.well-known/openid-configuration"];

    public static async Task<TestIssuer> Start()
    {
        var issuer = new TestIssuer();
        await issuer._app.StartAsync();
        return issuer;
    }

    private static Dictionary<string, string> PublicKey(ECDsaSecurityKey key)
    {
        var point = key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return new()
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["use"] = "sig",
            ["alg"] = SecurityAlgorithms.EcdsaSha256,
            ["kid"] = key.KeyId,
            ["x"] = Base64UrlEncoder.Encode(point.X),
            ["y"] = Base64UrlEncoder.Encode(point.Y),
        };
    }

    /// <summary>A token of the provider's staff or systems.</summary>
    public string Provider(params string[] roles) => Token(CallerKind.Provider, roles: roles);

    /// <summary>A token of a department.</summary>
    public string Department(string code, params string[] roles) => Token(CallerKind.Department, code, roles: roles);

    /// <summary>A token of a customer.</summary>
    public string Customer(string code, params string[] roles) => Token(CallerKind.Customer, code, roles: roles);

    /// <param name="kind">What the caller is.</param>
    /// <param name="code">The department's or the customer's code.</param>
    /// <param name="subject">The client it is issued to: rules that ask for two people compare it.</param>
    /// <param name="roles">What it may do.</param>
    /// <param name="scopes">What it was asked for.</param>
    /// <param name="audiences">The services it is meant for; both when left out.</param>
    /// <param name="lifetime">Negative for one that has expired.</param>
    public string Token(
        CallerKind kind,
        string? code = null,
        string subject = "tester",
        string[]? roles = null,
        string[]? scopes = null,
        string[]? audiences = null,
        TimeSpan? lifetime = null)
    {
        var expires = Clock.System.GetUtcNow().UtcDateTime + (lifetime ?? Lifetime);
        var claims = new Dictionary<string, object>
        {
            [TokenClaims.Subject] = subject,
            [TokenClaims.Kind] = TokenClaims.Spell(kind),
            [TokenClaims.Roles] = roles ?? [],
            [TokenClaims.Scope] = string.Join(' ', scopes ?? []),
        };
        if (code is not null) claims[TokenClaims.Spell(kind)] = code;

        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Authority,
            TokenType = "at+jwt",
            IssuedAt = expires - Lifetime,
            NotBefore = expires - Lifetime,
            Expires = expires,
            Claims = claims,
            SigningCredentials = _credentials,
        };
        foreach (var audience in audiences ?? Services) descriptor.Audiences.Add(audience);
        return _writer.CreateToken(descriptor);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }
}
