using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace ServiceMesh.Hosting.Identity;

/// <summary>Says who may call an endpoint. An endpoint that says nothing is closed.</summary>
public static class AllowExtensions
{
    /// <summary>
    /// Opens an endpoint, or every endpoint of a group, to these callers; with a role, only to those that carry it.
    /// What an endpoint says narrows what its group says.
    /// </summary>
    public static TBuilder Allow<TBuilder>(this TBuilder builder, Callers callers, string? role = null)
        where TBuilder : IEndpointConventionBuilder
    {
        var allowed = new Allowed(callers, role);
        return builder
            .RequireAuthorization(new AuthorizationPolicyBuilder().AddRequirements(allowed).Build())
            .WithMetadata(allowed);
    }
}

/// <summary>Who may call: both the rule that is enforced and the metadata that documents and tests read.</summary>
public sealed class Allowed(Callers callers, string? role) : AuthorizationHandler<Allowed>, IAuthorizationRequirement
{
    public Callers Callers { get; } = callers;

    public string? Role { get; } = role;

    public bool Admits(Caller caller) => Callers.Includes(caller.Kind) && (Role is null || caller.HasRole(Role));

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, Allowed requirement)
    {
        if (Caller.Of(context.User) is { } caller && requirement.Admits(caller)) context.Succeed(requirement);
        return Task.CompletedTask;
    }

    public override string ToString() => Role is null ? Callers.InWords() : $"{Callers.InWords()} with the role {Role}";
}

/// <summary>What an endpoint says about its callers, its groups' words included.</summary>
public sealed record Admission(Callers Callers, IReadOnlyList<string> Roles)
{
    /// <summary>Nothing when neither the endpoint nor one of its groups says who may call.</summary>
    public static Admission? Of(IEnumerable<object> metadata)
    {
        var said = metadata.OfType<Allowed>().ToArray();
        return said.Length == 0
            ? null
            : new Admission(
                said.Aggregate(Callers.Anybody, (callers, allowed) => callers & allowed.Callers),
                [.. said.Select(allowed => allowed.Role).OfType<string>().Distinct(StringComparer.Ordinal)]);
    }

    public override string ToString() =>
        Roles.Count == 0 ? Callers.InWords() : $"{Callers.InWords()} with the role {string.Join(" and ", Roles)}";
}
