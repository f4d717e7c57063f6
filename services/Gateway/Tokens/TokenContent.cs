using System.Security.Claims;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using ServiceMesh.Hosting.Identity;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Gateway.Tokens;

/// <summary>Writes into the token what the services decide by: who the client is, its roles, what it opens.</summary>
internal sealed class TokenContent : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    public ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        var client = (TokenClient)context.Transaction.Properties[ClientAuthentication.Property]!;
        var asked = context.Request.GetScopes();
        context.SignIn(Principal(client, asked.IsEmpty ? [.. client.Scopes] : asked));
        return ValueTask.CompletedTask;
    }

    private static ClaimsPrincipal Principal(TokenClient client, IReadOnlyCollection<string> scopes)
    {
        var identity = new ClaimsIdentity(nameof(TokenServer), TokenClaims.Subject, TokenClaims.Roles);
        identity.SetClaim(TokenClaims.Subject, client.Id);
        identity.SetClaim(TokenClaims.Kind, TokenClaims.Spell(client.Kind));
        if (client.Code is not null)
        {
            identity.SetClaim(TokenClaims.Spell(client.Kind), client.Code);
        }

        var roles = JsonSerializer.Serialize(client.Roles);
        identity.AddClaim(new Claim(TokenClaims.Roles, roles, JsonClaimValueTypes.JsonArray));
        var audiences = Audience.All.Where(audience => scopes.Contains(audience.Scope));
        identity.SetScopes(scopes);
        identity.SetAudiences(audiences.Select(audience => audience.Service));
        identity.SetDestinations(static _ => [OpenIddictConstants.Destinations.AccessToken]);
        return new ClaimsPrincipal(identity);
    }
}
