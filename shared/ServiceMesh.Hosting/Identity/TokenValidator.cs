using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ServiceMesh.Hosting.Identity;

/// <summary>
/// Validates a token once and remembers the answer: a caller sends the same token for minutes, and checking its
/// signature costs more than everything else a request does before it reaches its handler.
/// </summary>
internal sealed class TokenValidator : JsonWebTokenHandler, IDisposable
{
    private const int MaxTokenLength = 8 * 1024;
    private const int MaxRemembered = 20_000;

    /// <summary>Bounds how long a token outlives the withdrawal of the key that signed it.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _clock;
    private readonly MemoryCache _remembered = new(new MemoryCacheOptions { SizeLimit = MaxRemembered });

    public TokenValidator(TimeProvider clock)
    {
        _clock = clock;
        MapInboundClaims = false;
        MaximumTokenSizeInBytes = MaxTokenLength;
    }

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters rules)
    {
        var digest = Digest(token);
        if (_remembered.TryGetValue(digest, out TokenValidationResult? known) && IsAlive(known!)) return known!;

        var result = await base.ValidateTokenAsync(token, rules);
        if (!result.IsValid) return result;
        if (Caller.Read(result.ClaimsIdentity) is not { } caller) return NoCaller();

        result.ClaimsIdentity = new CallerIdentity(result.ClaimsIdentity, caller);
        _remembered.Set(digest, result, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = MaxAge });
        return result;
    }

    /// <summary>Digests, not tokens, are kept: what lies in memory for a minute is of no use to a thief.</summary>
    private static string Digest(string token)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(token.AsSpan()), digest);
        return Convert.ToBase64String(digest);
    }

    private bool IsAlive(TokenValidationResult result) => _clock.GetUtcNow().UtcDateTime < result.SecurityToken.ValidTo;

    private static TokenValidationResult NoCaller() => new()
    {
        IsValid = false,
        Exception = new SecurityTokenValidationException("The token names no provider, department or customer."),
    };

    public void Dispose() => _remembered.Dispose();
}
