using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Gateway.Tokens;

/// <summary>Lets a client pass that shows one of its secrets and asks for nothing beyond its scopes.</summary>
internal sealed class ClientAuthentication(ClientLookup clients) : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    /// <summary>The client on the transaction, for whoever writes the token.</summary>
    public const string Property = "client";

    public async ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        var client = await clients.Authenticate(context.ClientId, context.ClientSecret, context.CancellationToken);
        if (client is null)
        {
            context.Reject(OpenIddictConstants.Errors.InvalidClient, "The client id or the secret is wrong.");
            return;
        }

        var refused = context.Request.GetScopes().Except(client.Scopes).ToArray();
        if (refused.Length > 0)
        {
            context.Reject(
                OpenIddictConstants.Errors.InvalidScope, $"Not given to this client: {string.Join(' ', refused)}.");
            return;
        }

        context.Transaction.Properties[Property] = client;
    }
}
