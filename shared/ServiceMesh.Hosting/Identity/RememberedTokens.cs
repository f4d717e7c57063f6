using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace ServiceMesh.Hosting.Identity;

/// <summary>
/// Tokens that were validated a moment ago. A caller sends the same one for minutes, and checking its signature costs
/// more than everything else that a request needs before it reaches its handler.
/// </summary>
internal sealed class RememberedTokens(TimeProvider clock) : IDisposable
{
    private const int MaxRemembered = 20_000;

    /// <summary>Bounds how long a token outlives the withdrawal of the key that signed it.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _results = new(new MemoryCacheOptions { SizeLimit = MaxRemembered });

    /// <param name="credentials">The header <c>Authorization</c>.</param>
    /// <param name="result">The result as it was.</param>
    public bool TryFind(string credentials, out Task<AuthenticateResult> result) =>
        _results.TryGetValue(Digest(credentials), out result!) && IsAlive(result.Result);

    public void Keep(string credentials, AuthenticateResult result)
    {
        using var entry = _results.CreateEntry(Digest(credentials));
        entry.Value = Task.FromResult(result);
        entry.Size = 1;
        entry.AbsoluteExpirationRelativeToNow = MaxAge;
    }

    public void Dispose() => _results.Dispose();

    /// <summary>Digests, not tokens, are kept: what lies in memory for a minute is of no use to a thief.</summary>
    private static string Digest(string credentials)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(credentials.AsSpan()), digest);
        return Convert.ToBase64String(digest);
    }

    private bool IsAlive(AuthenticateResult result) => clock.GetUtcNow() < result.Properties?.ExpiresUtc;
}

/// <summary>Asks the scheme for what is not remembered.</summary>
internal sealed class RememberingAuthentication(
    RememberedTokens remembered,
    IAuthenticationSchemeProvider schemes,
    IAuthenticationHandlerProvider handlers,
    IClaimsTransformation transform,
    IOptions<AuthenticationOptions> options) : AuthenticationService(schemes, handlers, transform, options)
{
    public override Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme)
    {
        var credentials = context.Request.Headers.Authorization;
        if (scheme != JwtBearerDefaults.AuthenticationScheme
            || credentials is not [{ Length: <= TokenValidator.MaxTokenLength } token])
        {
            return base.AuthenticateAsync(context, scheme);
        }

        return remembered.TryFind(token, out var known) ? known : Validate(context, scheme, token);
    }

    private async Task<AuthenticateResult> Validate(HttpContext context, string scheme, string token)
    {
        var result = await base.AuthenticateAsync(context, scheme);
        if (result.Succeeded)
        {
            remembered.Keep(token, result);
        }

        return result;
    }
}
