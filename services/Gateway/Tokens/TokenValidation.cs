using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using ServiceMesh.Hosting.Identity;

namespace Gateway.Tokens;

/// <summary>
/// The gateway turns away early what a service would turn away anyway. It knows its own keys and need not fetch them;
/// those of another authority it fetches like any service.
/// </summary>
internal static class TokenValidation
{
    public static void AddTokenValidation(this WebApplicationBuilder builder, GatewayOptions options)
    {
        builder.Services.AddServiceMeshIdentity(
            builder.Configuration, [.. Audience.All.Select(audience => audience.Service)]);
        ScopePolicy.Register(builder.Services.AddAuthorizationBuilder());
        if (options.Issuer is not { } issuer)
        {
            return;
        }

        builder.Services.PostConfigure<AuthorityOptions>(authority => authority.Authority = issuer.ToString());
        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<SigningKeys>((bearer, keys) => bearer.Configuration = Configuration(issuer, keys))
            .ValidateOnStart();
    }

    private static OpenIdConnectConfiguration Configuration(Uri issuer, SigningKeys keys)
    {
        var configuration = new OpenIdConnectConfiguration { Issuer = issuer.ToString() };
        foreach (var key in keys.Published)
        {
            configuration.SigningKeys.Add(key);
        }

        return configuration;
    }
}
