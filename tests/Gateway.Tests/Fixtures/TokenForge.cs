using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using ServiceMesh.Hosting.Identity;
using Testing;

namespace Gateway.Tests.Fixtures;

/// <summary>Writes tokens like the gateway's, or almost like them.</summary>
public sealed record TokenForge
{
    public required SigningCredentials Credentials { get; init; }

    public string Issuer { get; init; } = Mesh.Issuer;

    public string Type { get; init; } = "at+jwt";

    public string Subject { get; init; } = "forged";

    public string Kind { get; init; } = "provider";

    public string? Code { get; init; }

    public string[] Roles { get; init; } = [];

    public string[] Scopes { get; init; } = ["internal", "external", "gateway"];

    public string[] Audiences { get; init; } = ["internal-services", "external-services", "gateway"];

    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(10);

    public string Write()
    {
        var now = Clock.System.GetUtcNow().UtcDateTime;
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            TokenType = Type,
            NotBefore = now.AddHours(-1),
            IssuedAt = now.AddHours(-1),
            Expires = now + Lifetime,
            SigningCredentials = Credentials,
            Claims = new Dictionary<string, object>
            {
                [TokenClaims.Subject] = Subject,
                [TokenClaims.Kind] = Kind,
                [TokenClaims.Roles] = Roles,
                [TokenClaims.Scope] = string.Join(' ', Scopes),
            },
        };
        if (Code is not null)
        {
            descriptor.Claims[Kind] = Code;
        }

        foreach (var audience in Audiences)
        {
            descriptor.Audiences.Add(audience);
        }

        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }
}
