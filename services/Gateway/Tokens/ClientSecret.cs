using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Tokens;

/// <summary>
/// A client's secret: 256 random bits behind a prefix that scanners of leaked secrets can recognise. With so much
/// randomness one SHA-256 is as good as a slow hash, and a token request stays cheap.
/// </summary>
internal static class ClientSecret
{
    public const string Prefix = "sm_";

    /// <summary>Of a secret that an operator brings along: 32 random characters are 128 bits and more.</summary>
    public const int MinLength = 32;

    private const int RandomBytes = 32;

    public static string Generate() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Takes as long for a wrong secret as for a right one.</summary>
    public static bool Matches(byte[] hash, string secret) =>
        CryptographicOperations.FixedTimeEquals(hash, Hash(secret));
}
