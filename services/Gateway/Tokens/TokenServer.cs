using Gateway.Limits;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Gateway.Tokens;

/// <summary>OAuth 2 for machines: client credentials only, tokens signed with ES256, keys published.</summary>
internal static class TokenServer
{
    private const string OAuthPath = "/oauth";
    private const string WellKnownPath = "/.well-known";

    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Without an issuer the gateway issues nothing: tokens come from the operator's own authority.</summary>
    public static void AddTokenServer(this WebApplicationBuilder builder, GatewayOptions options)
    {
        if (options.Issuer is not { } issuer)
        {
            return;
        }

        builder.Services.AddSingleton<SigningKeys>();
        builder.Services.AddSingleton<ClientLookup>();
        builder.Services.AddSingleton<FailedTokenRequests>();
        builder.Services.AddSingleton<IAuthenticationSchemeProvider, OwnPathsOnly>();
        builder.Services.AddOpenIddict().AddServer(server => Configure(server, issuer));
        builder.Services.AddOptions<OpenIddictServerOptions>().Configure<SigningKeys>((server, keys) =>
            server.SigningCredentials.AddRange(
                keys.Published.Select(key => new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256))));
    }

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
                    branch.Use(Answer);
                });
        }
    }

    private static async Task Answer(HttpContext context, RequestDelegate next)
    {
        var handlers = context.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>();
        var scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;
        var server = (IAuthenticationRequestHandler)(await handlers.GetHandlerAsync(context, scheme))!;
        if (!await server.HandleRequestAsync())
        {
            await next(context);
        }
    }

    /// <summary>
    /// Keeps OpenIddict from looking at every request that passes, only to find that it is none of its own: that would
    /// be an eighth of all that the gateway does.
    /// </summary>
    private sealed class OwnPathsOnly(IOptions<AuthenticationOptions> options) : AuthenticationSchemeProvider(options)
    {
        public override Task<IEnumerable<AuthenticationScheme>> GetRequestHandlerSchemesAsync() =>
            Task.FromResult<IEnumerable<AuthenticationScheme>>([]);
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
        server.AddEventHandler<ValidateTokenRequestContext>(handler =>
            handler.UseScopedHandler<ClientAuthentication>());
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
