using System.Reflection;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using ServiceMesh.Data;

namespace ServiceMesh.Hosting.Identity;

/// <summary>
/// Who calls, as the token says it. Take it as a parameter of an endpoint that has <c>.Allow(…)</c>.
/// </summary>
/// <param name="Code">The department's or the customer's code; nothing for the provider.</param>
/// <param name="Subject">The client that the token was issued to: one person or one system.</param>
public sealed record Caller(
    CallerKind Kind,
    string? Code,
    string Subject,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Scopes) : IBindableFromHttpContext<Caller>
{
    public bool HasRole(string role) => Roles.Contains(role, StringComparer.Ordinal);

    /// <summary>Whose rows the caller's transactions see.</summary>
    public Tenant Tenant => Kind switch
    {
        CallerKind.Provider => Tenant.Provider,
        CallerKind.Department => Tenant.Department(Code!),
        CallerKind.Customer => Tenant.Customer(Code!),
    };

    /// <summary>The caller of an authenticated principal, or nothing for an anonymous one.</summary>
    public static Caller? Of(ClaimsPrincipal principal) => (principal.Identity as CallerIdentity)?.Caller;

    /// <summary>Reads the claims; nothing when they do not name one caller completely.</summary>
    public static Caller? Read(ClaimsIdentity claims)
    {
        if (TokenClaims.ReadKind(claims.FindFirst(TokenClaims.Kind)?.Value) is not { } kind) return null;
        if (claims.FindFirst(TokenClaims.Subject)?.Value is not { Length: > 0 } subject) return null;
        var code = kind == CallerKind.Provider ? null : claims.FindFirst(TokenClaims.Spell(kind))?.Value;
        if (kind != CallerKind.Provider && string.IsNullOrEmpty(code)) return null;

        var roles = claims.FindAll(TokenClaims.Roles).Select(claim => claim.Value).ToArray();
        var scopes = claims.FindAll(TokenClaims.Scope)
            .SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        return new Caller(kind, code, subject, roles, scopes);
    }

    static ValueTask<Caller?> IBindableFromHttpContext<Caller>.BindAsync(
        HttpContext context, ParameterInfo parameter) =>
        new(Of(context.User)
            ?? throw new InvalidOperationException($"{context.Request.Path} takes a caller and says no .Allow(…)."));
}

/// <summary>An identity whose claims were read once, when its token was validated.</summary>
public sealed class CallerIdentity(ClaimsIdentity claims, Caller caller) : ClaimsIdentity(claims)
{
    public Caller Caller { get; } = caller;
}
