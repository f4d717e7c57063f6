using Microsoft.AspNetCore.Authorization;
using ServiceMesh.Hosting.Identity;

namespace Gateway.Tokens;

/// <summary>Asks for the scope that opens a service, and names it when the token lacks it.</summary>
internal sealed class ScopePolicy(Audience audience) : AuthorizationHandler<ScopePolicy>, IAuthorizationRequirement
{
    public static string NameOf(Audience audience) => $"scope {audience.Scope}";

    public static void Register(AuthorizationBuilder authorization)
    {
        foreach (var audience in Audience.All)
        {
            authorization.AddPolicy(NameOf(audience), policy => policy.AddRequirements(new ScopePolicy(audience)));
        }
    }

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopePolicy requirement)
    {
        if (Caller.Of(context.User) is { } caller)
        {
            if (caller.Scopes.Contains(requirement.Scope))
            {
                context.Succeed(requirement);
            }
            else
            {
                context.Fail(new AuthorizationFailureReason(this, $"The token lacks the scope '{requirement.Scope}'."));
            }
        }

        return Task.CompletedTask;
    }

    private string Scope { get; } = audience.Scope;
}
