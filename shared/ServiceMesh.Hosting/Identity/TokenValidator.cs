using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ServiceMesh.Hosting.Identity;

/// <summary>Validates a token and reads from its claims who calls.</summary>
internal sealed class TokenValidator : JsonWebTokenHandler
{
    public const int MaxTokenLength = 8 * 1024;

    public TokenValidator()
    {
        MapInboundClaims = false;
        MaximumTokenSizeInBytes = MaxTokenLength;
    }

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters rules)
    {
        var result = await base.ValidateTokenAsync(token, rules);
        if (!result.IsValid) return result;
        if (Caller.Read(result.ClaimsIdentity) is not { } caller) return NoCaller();

        result.ClaimsIdentity = new CallerIdentity(result.ClaimsIdentity, caller);
        return result;
    }

    private static TokenValidationResult NoCaller() => new()
    {
        IsValid = false,
        Exception = new SecurityTokenValidationException("The token names no provider, department or customer."),
    };
}
