using System.Net;
using Gateway.Tests.Fixtures;
using Testing;

namespace Gateway.Tests;

/// <summary>An operator may let another authority issue the tokens.</summary>
public sealed class AuthorityTests(Mesh mesh)
{
    [Fact]
    public async Task The_gateway_then_accepts_its_tokens_and_issues_none()
    {
        await using var issuer = await TestIssuer.Start();
        await using var gateway = await mesh.StartGateway(["--Gateway:Issuer=", .. issuer.Settings]);
        using var client = gateway.Client(issuer.Token(
            ServiceMesh.Hosting.Identity.CallerKind.Provider, scopes: ["internal"], audiences: ["internal-services"]));
        using var foreign = gateway.Client(mesh.Forge.Write());

        Assert.Equal("internal", (await client.Arrival("/internal/v1/x")).Replica);
        using var refused = await foreign.GetAsync("/internal/v1/x");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var token = await client.PostAsync("/oauth/token", null);
        Assert.Equal(HttpStatusCode.NotFound, token.StatusCode);
    }
}
