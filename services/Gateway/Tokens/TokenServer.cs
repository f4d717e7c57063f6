using Gateway.Limits;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Gateway.Tokens;

/// <summary>OAuth 2 for machines: client credentials only, tokens signed with ES256, discovery and keys published.</summary>
internal static class TokenServer
{
    private const string OAuthPath = "/oauth";
    private const string WellKnownPath = "/.well-known";

    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Without an issuer the gateway issues nothing: the tokens come from the operator's own authority.</summary>
    public static void AddTokenServer(this WebApplicationBuilder builder, GatewayOptions options)
    {
        if (options.Issuer is not { } issuer)
        {
            return;
        }

        builder.Services.AddSingleton<SigningKeys>();
        builder.Services.AddSingleton<ClientLookup>();
        builder.Services.AddSingleton<FailedTokenRequests>();
        builder.Services.AddOpenIddict().AddServer(server => Configure(server, issuer));
        builder.Services.AddOptions<OpenIddictServerOptions>().Configure<SigningKeys>((server, keys) =>
            server.SigningCredentials.AddRange(
                keys.Published.Select(key => new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256))));
    }

    /// <summary>Limits what can be asked without a token; OpenIddict answers it where authentication stands.</summary>
    public static void UseTokenServer(this WebApplication app)
    {
        if (app.Services.GetService<FailedTokenRequests>() is { } failures)
        {
            app.UseWhen(
                context => context.Request.Path.StartsWithSegments(OAuthPath)
                    || context.Request.Path.StartsWithSegments(WellKnownPath),
                branch =>
                {
                    branch.UseRateLimiter();
                    branch.Use(failures.Invoke);
                });
        }
    }

    private static void Configure(OpenIddictServerBuilder server, Uri issuer)
    {
        server.EnableDegradedMode();
        server.SetIssuer(issuer);
        server.SetTokenEndpointUris($"{OAuthPath}/token".TrimStart('/'));
        server.AllowClientCredentialsFlow();
        server.RegisterScopes([.. Audience.All.Select(audience => audience.Scope)]);
        server.SetAccessTokenLifetime(TokenLifetime);
        server.DisableAccessTokenEncryption();

        // Never used, as nothing is encrypted; OpenIddict does not start without one.
        server.AddEphemeralEncryptionKey();
        server.Configure(options =>
        {
            options.ClientAuthenticationMethods.Remove(ClientAuthenticationMethods.PrivateKeyJwt);
            options.Scopes.Remove(Scopes.OpenId);
        });
        server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseScopedHandler<ClientAuthentication>());
        server.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseSingletonHandler<TokenContent>());

        // The links that explain an error lead to another product's pages.
        server.AddEventHandler<ApplyTokenResponseContext>(handler => handler.UseInlineHandler(context =>
        {
            context.Response.ErrorUri = null;
            return ValueTask.CompletedTask;
        }).SetOrder(int.MinValue));

        // TLS ends in front of the gateway; inside the mesh the services fetch the keys without it.
        server.UseAspNetCore().DisableTransportSecurityRequirement();
    }
}
