using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace ServiceMesh.Hosting.Identity;

/// <summary>Who issues the tokens that a service accepts: the gateway, or the operator's own authority.</summary>
public sealed class AuthorityOptions
{
    public const string Section = "Auth";

    /// <summary>The issuer exactly as its tokens spell it, the trailing slash included.</summary>
    public string Authority { get; set; } = "";

    /// <summary>Where its discovery document is fetched, if the issuer's address is not reachable from here.</summary>
    public string? MetadataAddress { get; set; }

    /// <summary>An authority of another make may sign with something else.</summary>
    public string[] Algorithms { get; set; } = [];

    public string[] TokenTypes { get; set; } = [];
}

/// <summary>Makes a service validate tokens itself and keeps its endpoints shut to whom they do not name.</summary>
public static class IdentityRegistration
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    /// <summary>How soon a key that nobody published beforehand is looked for again.</summary>
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(5);

    /// <summary>A next key has to be published for longer than this before it signs.</summary>
    private static readonly TimeSpan AutomaticRefreshInterval = TimeSpan.FromMinutes(5);

    /// <summary>Accepts the authority's tokens whose audience is this service. Everything else is closed.</summary>
    public static IServiceCollection AddServiceMeshIdentity(
        this IServiceCollection services,
        IConfiguration configuration,
        params string[] audiences)
    {
        services.AddOptions<AuthorityOptions>()
            .Bind(configuration.GetSection(AuthorityOptions.Section))
            .Validate(
                authority => Uri.IsWellFormedUriString(authority.Authority, UriKind.Absolute),
                "Auth:Authority has to be the issuer's absolute URL (Auth__Authority).")
            .ValidateOnStart();
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<IOptions<AuthorityOptions>>(
                (bearer, authority) => Configure(bearer, authority.Value, audiences));
        services.AddSingleton<RememberedTokens>();
        services.AddScoped<IAuthenticationService, RememberingAuthentication>();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        RemoveDataProtectionStart(services);
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().AddRequirements(new ClosedByDefault()).Build());
        services.AddProblemDetails();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, RefusedCallers>();
        services.AddHostedService<ClosedEndpointCheck>();
        return services;
    }

    /// <summary>Bearer tokens need no data protection, whose keys would be made and written at every start.</summary>
    private static void RemoveDataProtectionStart(IServiceCollection services)
    {
        var start = services.Single(service => service.ImplementationType?.Name == "DataProtectionHostedService");
        services.Remove(start);
    }

    private static void Configure(JwtBearerOptions bearer, AuthorityOptions authority, string[] audiences)
    {
        bearer.Authority = authority.Authority;
        bearer.MetadataAddress = authority.MetadataAddress ?? "";
        bearer.RequireHttpsMetadata = false;
        bearer.RefreshInterval = RefreshInterval;
        bearer.AutomaticRefreshInterval = AutomaticRefreshInterval;
        bearer.MapInboundClaims = false;
        bearer.SaveToken = false;
        bearer.TokenHandlers.Clear();
        bearer.TokenHandlers.Add(new TokenValidator());
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = authority.Authority,
            ValidAudiences = audiences,
            ValidAlgorithms = authority.Algorithms is [] ? [SecurityAlgorithms.EcdsaSha256] : authority.Algorithms,
            ValidTypes = authority.TokenTypes is [] ? ["at+jwt"] : authority.TokenTypes,
            ClockSkew = ClockSkew,
            NameClaimType = TokenClaims.Subject,
            RoleClaimType = TokenClaims.Roles,
        };
    }
}
